/** Tables of ITU-T G.722 (11/88), by the names they have there. */

/** Decision levels of the 60-level quantizer (Q6). */
export const Q6 = [
  35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219,
  1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919,
] as const;

/** Decision level of the higher band (Q2). */
export const Q2 = 564;

/** Magnitudes of the 4-bit, 6-bit and 2-bit inverse quantizers, least first. */
const QQ4 = [0, 1200, 2584, 4240, 6288, 8968, 12896, 20456];
const QQ6 = [
  136, 432, 728, 1040, 1360, 1688, 2032, 2400, 2776, 3168, 3576, 4008, 4464, 4944, 5456, 6000, 6576, 7192,
  7856, 8576, 9360, 10232, 11192, 12280, 13512, 14984, 16704, 19008, 21904, 24808,
];

/** Log multipliers by the 4-bit magnitude's level (WL), and by the 2-bit one's (WH). */
const WL = [-60, -30, 58, 172, 334, 538, 1198, 3042];
const WH = [-214, 798];

/** 6-bit code → value. Codes 0–3 are never sent; −136 is what the Recommendation has for them. */
export const VALUE_6 = Int32Array.from({ length: 64 }, (_, code) => {
  if (code < 4) return -QQ6[0]!;
  if (code < 32) return -QQ6[33 - code]!;
  if (code < 62) return QQ6[61 - code]!;
  return code === 62 ? -QQ6[1]! : -QQ6[0]!;
});

/** 4-bit code → value, and → log multiplier. */
const level4 = (code: number): number => (code === 0 || code === 15 ? 0 : code < 8 ? 8 - code : 15 - code);
export const VALUE_4 = Int32Array.from({ length: 16 }, (_, code) => (code < 8 ? -1 : 1) * QQ4[level4(code)]!);
export const LOG_4 = Int32Array.from({ length: 16 }, (_, code) => WL[level4(code)]!);

/** 2-bit code → value, and → log multiplier. */
export const VALUE_2 = Int32Array.of(-7408, -1616, 7408, 1616);
export const LOG_2 = Int32Array.of(WH[1]!, WH[0]!, WH[1]!, WH[0]!);

/** The 6-bit code of a magnitude's level, 0–29, if the difference is negative, or not. */
export const codeOfLevel = (level: number, negative: boolean): number =>
  negative ? (level < 2 ? 63 - level : 33 - level) : 61 - level;

/** Half of the 24 taps of the quadrature mirror filter, the ones with even index. */
export const QMF = Int32Array.of(3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11);
