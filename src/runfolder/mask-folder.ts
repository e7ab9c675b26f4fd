import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Masks } from '../base/masks.js';

const CHUNK_BYTES = 1 << 20;

/** Overwrites every secret in every file below a folder, in place; does nothing if there are no secrets. */
export async function maskFolder(folder: string, masks: Masks): Promise<void> {
  if (masks.none) return;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) if (entry.isFile()) await maskFile(join(entry.parentPath, entry.name), masks);
}

/** A piece at a time; only what has a secret in it is written. */
async function maskFile(path: string, masks: Masks): Promise<void> {
  await using file = await open(path, 'r+');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const pieces = masks.inPieces();
  let writtenTo = 0;
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    const { before, after } = bytesRead > 0 ? pieces.take(chunk.subarray(0, bytesRead)) : pieces.rest();
    if (!after.equals(before)) await file.write(after, 0, after.length, writtenTo);
    if (bytesRead === 0) return;
    writtenTo += after.length;
    at += bytesRead;
  }
}
