import type { ByteSource } from './byte-source.js';

/** Much longer than any record that is looked into. */
const SIZE = 512 * 1024;

/** A window of fixed size that moves forward over a capture, whatever the capture says of its own lengths. */
export class CaptureWindow {
  readonly bytes = Buffer.allocUnsafeSlow(SIZE);
  /** The next byte to be looked at is bytes[at]; bytes[…end) are there. */
  at = 0;
  end = 0;

  /** `position` is the place in the source where the window begins. */
  constructor(
    private readonly source: ByteSource,
    private position = 0,
  ) {}

  /** The place in the source of bytes[at]. */
  get place(): number {
    return this.position + this.at;
  }

  /** Whether `length` bytes are there from `at` on. */
  has(length: number): boolean {
    return this.at + length <= this.end;
  }

  /** Moves on until `length` bytes are there; false if the source ends before. */
  async want(length: number): Promise<boolean> {
    if (this.has(length)) return true;
    this.bytes.copy(this.bytes, 0, this.at, this.end);
    this.position += this.at;
    this.end -= this.at;
    this.at = 0;
    while (this.end < SIZE) {
      const read = await this.source.read(this.bytes, this.end, SIZE - this.end, this.position + this.end);
      if (read === 0) break;
      this.end += read;
    }
    return this.has(length);
  }

  /** Leaves `length` bytes out, unread if they are not in the window yet; false if the source ends before. */
  async skip(length: number): Promise<boolean> {
    let left = length;
    while (!this.has(left)) {
      left -= this.end - this.at;
      this.at = this.end;
      if (!(await this.want(1))) return false;
    }
    this.at += left;
    return true;
  }
}
