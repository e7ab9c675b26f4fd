/** One figure of a benchmark, with what it should be. */
export interface BenchRow {
  name: string;
  value: number;
  unit: string;
  /** In words: `<= 0.5`. */
  target: string;
}
