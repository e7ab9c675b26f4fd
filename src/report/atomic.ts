import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes a file so that a reader sees the old content or the whole new one, also after a power cut: a temporary
 * file beside it, synced, then renamed over it.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
