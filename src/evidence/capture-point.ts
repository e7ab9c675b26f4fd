/** Where a capture was taken. */
export interface CapturePoint {
  /** As evidence cites it: relative to the scenario's folder. */
  file: string;
  node: string;
  interface: string;
  /** Addresses of the node: packets from these were sent by it. */
  addresses: ReadonlySet<string>;
}
