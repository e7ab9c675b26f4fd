/** Final responses that end an attempt; SIPp needs each by number. */
export const FAILURES: readonly number[] = [
  400, 401, 403, 404, 405, 407, 408, 410, 415, 480, 481, 483, 484, 486, 487, 488, 500, 501, 502, 503, 504,
  600, 603, 604, 606,
];

/** A request for credentials, which is no failure until they were given. */
export const isChallenge = (status: number): boolean => status === 401 || status === 407;

/** The callee's own answer, which no other way to it would change: busy, cancelled, declined. */
export const isOfCallee = (status: number): boolean =>
  status === 486 || status === 487 || status === 600 || status === 603;
