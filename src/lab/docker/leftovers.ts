import type Docker from 'dockerode';
import { statusOf } from './engine.js';
import { LABELS, ownerIsGone } from './labels.js';

/** Removes containers of runs whose process is no more, with their volumes; gives how many there were. */
export async function removeLeftovers(docker: Docker): Promise<number> {
  return await removeWhere(docker, LABELS.owner, (labels) => ownerIsGone(labels[LABELS.owner] ?? ''));
}

/** Removes all containers of a run, with their volumes; gives how many there were. */
export async function removeRun(docker: Docker, run: string): Promise<number> {
  return await removeWhere(docker, `${LABELS.run}=${run}`, () => true);
}

async function removeWhere(
  docker: Docker,
  label: string,
  isLeft: (labels: Record<string, string>) => boolean,
): Promise<number> {
  const listed = await docker.listContainers({ all: true, filters: { label: [label] } });
  const left = listed.filter(({ Labels }) => isLeft(Labels));
  await Promise.all(left.map(({ Id }) => removeContainer(docker, Id)));
  return left.length;
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
