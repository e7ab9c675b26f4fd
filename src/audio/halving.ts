/** Taps on either side of the middle; every other one of a half-band filter is zero. */
const REACH = 23;

/** Sinc at a quarter of the rate under a Hamming window, scaled to a sum of one; odd distances 1, 3 … REACH. */
const SIDE = sideTaps();

function sideTaps(): Float64Array {
  const taps = Float64Array.from({ length: (REACH + 1) / 2 }, (_, i) => {
    const distance = 2 * i + 1;
    const window = 0.54 + 0.46 * Math.cos((Math.PI * distance) / (REACH + 1));
    return (window * Math.sin((Math.PI * distance) / 2)) / (Math.PI * distance);
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / (4 * sum));
}

/**
 * 16 kHz → 8 kHz by a half-band filter without delay: sample i of the result is at sample 2·i of `audio`. Flat to 3.4 kHz
 * within 0.1 dB; what is above 4.6 kHz is more than 50 dB down.
 */
export function halveRate(audio: Int16Array): Int16Array {
  const padded = new Int16Array(audio.length + 2 * REACH);
  padded.set(audio, REACH);
  const out = new Int16Array(audio.length >> 1);
  for (let i = 0; i < out.length; i++) {
    const middle = 2 * i + REACH;
    let sum = padded[middle]! / 2;
    for (let t = 0, distance = 1; t < SIDE.length; t++, distance += 2)
      sum += SIDE[t]! * (padded[middle - distance]! + padded[middle + distance]!);
    out[i] = Math.max(-32768, Math.min(32767, Math.round(sum)));
  }
  return out;
}
