import type Docker from 'dockerode';

/** Something that the engine tells while it pulls, builds or loads. */
export interface Progress {
  stream?: string;
  status?: string;
  error?: string;
  aux?: { ID?: string };
}

/** Waits for the engine to be done; what it tells goes to `told`. Rejects with its error. */
export async function progressOf(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  told: Progress[] = [],
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const done = (error: Error | null) => (error ? reject(error) : resolve());
    (docker.modem as Follower).followProgress(stream, done, (event) => told.push(event));
  });
  const failed = told.find(({ error }) => error !== undefined);
  if (failed) throw new Error(failed.error);
}

interface Follower {
  followProgress(
    stream: NodeJS.ReadableStream,
    done: (error: Error | null) => void,
    onProgress: (event: Progress) => void,
  ): void;
}
