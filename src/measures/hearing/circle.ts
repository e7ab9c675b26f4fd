import { PHASES } from '../../audio/signature.js';

/** Cosine and sine of a phase given as an index into a circle of 1024, as signatures have it. */
export const COSINE = Float64Array.from({ length: PHASES }, (_, i) => Math.cos((2 * Math.PI * i) / PHASES));
export const SINE = Float64Array.from({ length: PHASES }, (_, i) => Math.sin((2 * Math.PI * i) / PHASES));
