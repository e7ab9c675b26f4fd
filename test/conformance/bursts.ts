/** Fewer than that expected, and chi-squared isn't. */
const LEAST_EXPECTED = 5;

/** Lengths of the runs of losses; one that touches the begin or the end may be cut off and isn't counted. */
export function burstLengths(losses: readonly boolean[]): number[] {
  const lengths: number[] = [];
  let begun = losses[0] === false;
  let length = 0;
  for (const lost of losses) {
    if (lost) length++;
    else {
      if (begun && length > 0) lengths.push(length);
      begun = true;
      length = 0;
    }
  }
  return lengths;
}

/** Lengths from 1 on, neighbours put together until each bin expects five; the last one is open. */
export function binsFor(lengths: readonly number[], probability: (length: number) => number) {
  const bins: { seen: number; expected: number }[] = [];
  let bin = { seen: 0, expected: 0 };
  let rest = lengths.length;
  let counted = 0;
  for (let length = 1; rest - bin.expected >= LEAST_EXPECTED && length < 10_000; length++) {
    bin.expected += probability(length) * lengths.length;
    bin.seen += lengths.filter((seen) => seen === length).length;
    if (bin.expected < LEAST_EXPECTED || rest - bin.expected < LEAST_EXPECTED) continue;
    bins.push(bin);
    counted += bin.seen;
    rest -= bin.expected;
    bin = { seen: 0, expected: 0 };
  }
  if (rest > 0) bins.push({ seen: lengths.length - counted, expected: rest });
  return bins;
}

/** 99.9 % point (Wilson and Hilferty 1931). */
export function chiSquaredLimit(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + 3.0902 * Math.sqrt(spread)) ** 3;
}
