import { type FileHandle, open } from 'node:fs/promises';
import { DECISION_LOG_HEADER } from '../runfolder/decision-log.js';

/** A decision log being written. What is appended is written in order; the first failure is kept and ends the writing. */
export class DecisionFile {
  private writing: Promise<void>;
  private failure: Error | null = null;

  private constructor(
    private readonly handle: FileHandle,
    private readonly onFailure: (error: Error) => void,
  ) {
    this.writing = this.write(DECISION_LOG_HEADER);
  }

  /** Rejects if the file can't be made. */
  static async create(path: string, onFailure: (error: Error) => void): Promise<DecisionFile> {
    return new DecisionFile(await open(path, 'w'), onFailure);
  }

  /** `onWritten` is called when `bytes` are no longer needed. */
  append(bytes: Uint8Array, onWritten: () => void): void {
    this.writing = this.writing.then(() => this.write(bytes)).then(onWritten);
  }

  /** Waits for what was appended. */
  async close(): Promise<void> {
    await this.writing;
    await this.handle.close();
  }

  private async write(bytes: Uint8Array): Promise<void> {
    if (this.failure) return;
    try {
      // writeFile goes on where it was and writes all of it, which write need not do.
      await this.handle.writeFile(bytes);
    } catch (error) {
      this.failure = error as Error;
      this.onFailure(this.failure);
    }
  }
}
