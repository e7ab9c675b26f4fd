import { open } from 'node:fs/promises';

/** Where the bytes of a capture come from. */
export interface ByteSource {
  /** Reads up to `length` bytes that stand at `position` to into[at…]; 0 at the end. Rejects if it can't be read. */
  read(into: Buffer, at: number, length: number, position: number): Promise<number>;
  close(): Promise<void>;
}

/** A file. One that can't be sought in (a pipe) is read as it comes, and `position` may only go forward. */
export async function openFile(path: string): Promise<ByteSource> {
  const file = await open(path);
  const seekable = (await file.stat()).isFile();
  return {
    async read(into, at, length, position) {
      const { bytesRead } = await file.read(into, at, length, seekable ? position : null);
      return bytesRead;
    },
    close: () => file.close(),
  };
}

/** Bytes in memory. */
export function bytesSource(bytes: Buffer): ByteSource {
  return {
    read: (into, at, length, position) => Promise.resolve(bytes.copy(into, at, position, position + length)),
    close: () => Promise.resolve(),
  };
}
