import type Docker from 'dockerode';
import { statusOf } from './engine.js';
import { LABELS, ownerIsGone } from './labels.js';

/** Ids of containers of runs whose process is no more. */
export const leftovers = (docker: Docker): Promise<string[]> =>
  where(docker, LABELS.owner, (labels) => ownerIsGone(labels[LABELS.owner] ?? ''));

/** Removes those, with their volumes; gives how many there were. */
export async function removeLeftovers(docker: Docker): Promise<number> {
  return await removeAll(docker, await leftovers(docker));
}

/** Removes all containers of a run, with their volumes; gives how many there were. */
export async function removeRun(docker: Docker, run: string): Promise<number> {
  return await removeAll(docker, await where(docker, `${LABELS.run}=${run}`, () => true));
}

async function where(
  docker: Docker,
  label: string,
  isLeft: (labels: Record<string, string>) => boolean,
): Promise<string[]> {
  const listed = await docker.listContainers({ all: true, filters: { label: [label] } });
  return listed.filter(({ Labels }) => isLeft(Labels)).map(({ Id }) => Id);
}

async function removeAll(docker: Docker, ids: readonly string[]): Promise<number> {
  await Promise.all(ids.map((id) => removeContainer(docker, id)));
  return ids.length;
}

/** Ends a container at once and removes it with its volumes. One that is gone or going already is no error. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  try {
    await docker.getContainer(id).remove({ force: true, v: true });
  } catch (error) {
    const status = statusOf(error);
    if (status !== 404 && status !== 409) throw error;
  }
}
