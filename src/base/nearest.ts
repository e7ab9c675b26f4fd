import { distance } from 'fastest-levenshtein';

/** The candidate that `name` was probably meant to be, or null if none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  let best: { candidate: string; edits: number } | null = null;
  for (const candidate of candidates) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (
      edits <= Math.max(2, candidate.length * 0.4) &&
      edits * 2 <= candidate.length &&
      edits < (best?.edits ?? Infinity)
    )
      best = { candidate, edits };
  }
  return best?.candidate ?? null;
}

/** `Did you mean "x"?`, or the list of what there is. */
export function suggestion(name: string, candidates: readonly string[], things: string): string {
  const near = nearest(name, candidates);
  if (near !== null) return `Did you mean "${near}"?`;
  return candidates.length > 0 ? `There is: ${candidates.join(', ')}.` : `There are no ${things}.`;
}
