/** tc's way of writing numbers: no exponents, no trailing zeros, so that an argv says what was asked for. */
const decimal = (value: number, digits: number) => value.toFixed(digits).replace(/\.?0+$/, '');

/** Milliseconds to the nanosecond, which is netem's own unit: `12.5ms`. */
export const milliseconds = (ms: number): string => `${decimal(ms, 6)}ms`;

/** A share as percent, to about the 32 bits that netem has: `0.1%`. */
export const percent = (share: number): string => `${decimal(share * 100, 9)}%`;

/** Bits per second: `64000bit`. */
export const bitRate = (bitsPerS: number): string => `${bitsPerS.toFixed(0)}bit`;
