import Docker from 'dockerode';
import { DeadairError, ExitCode, messageOf } from '../../base/errors.js';

/** A Docker engine on this machine. */
export interface Engine {
  docker: Docker;
  /** The socket that it is asked through, absolute. */
  socketPath: string;
  /** As `docker version` tells it. */
  version: string;
  /** As image manifests name it: amd64, arm64 … */
  architecture: string;
  /** Who makes its control groups: cgroupfs (the engine itself) or systemd. */
  cgroupDriver: string;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';

/**
 * Finds this machine's Docker engine and asks it for its version.
 * @throws DOCKER_ELSEWHERE, DOCKER_MISSING, DOCKER_DENIED, DOCKER_FAILED (exit 3)
 */
export async function openEngine(environment: NodeJS.ProcessEnv): Promise<Engine> {
  const socketPath = socketOf(environment.DOCKER_HOST);
  const docker = new Docker({ socketPath });
  try {
    const { Version, Arch } = await docker.version();
    const { CgroupDriver } = (await docker.info()) as { CgroupDriver: string };
    return { docker, socketPath, version: Version, architecture: Arch, cgroupDriver: CgroupDriver };
  } catch (error) {
    throw unreachable(error, socketPath);
  }
}

/** Links are cables between network namespaces, and those can only be laid where both kernels are one. */
export function elsewhere(what: string): DeadairError {
  return new DeadairError(
    'DOCKER_ELSEWHERE',
    `${what}, and deadair can only wire nodes on its own machine.`,
    {
      exitCode: ExitCode.labFailed,
      fix: 'Unset DOCKER_HOST, or run deadair on the machine of that engine; --runtime netns needs no Docker.',
    },
  );
}

function socketOf(host: string | undefined): string {
  if (!host) return DEFAULT_SOCKET;
  if (host.startsWith('unix://')) return host.slice('unix://'.length) || DEFAULT_SOCKET;
  throw elsewhere(`DOCKER_HOST is ${host}`);
}

function unreachable(error: unknown, socketPath: string): DeadairError {
  const { code } = error as NodeJS.ErrnoException;
  const failed = (name: string, what: string, fix: string) =>
    new DeadairError(name, what, { exitCode: ExitCode.labFailed, fix, cause: error });
  if (code === 'EACCES' || code === 'EPERM')
    return failed(
      'DOCKER_DENIED',
      `there is no permission on Docker's socket ${socketPath}.`,
      'Run deadair as root, or as a member of the socket\'s group ("docker").',
    );
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return failed(
      'DOCKER_MISSING',
      `no Docker engine answers at ${socketPath}.`,
      'Install and start one ("apt-get install docker.io", "systemctl start docker"), set DOCKER_HOST, or use --runtime netns.',
    );
  return failed(
    'DOCKER_FAILED',
    `the Docker engine at ${socketPath}: ${messageOf(error)}`,
    'See the log of dockerd.',
  );
}

/** HTTP status of an error of the engine, or null. */
export function statusOf(error: unknown): number | null {
  const { statusCode } = error as { statusCode?: number };
  return statusCode ?? null;
}

/** What the engine said, without what the client wraps around it. */
export function engineMessage(error: unknown): string {
  const { json } = error as { json?: { message?: string } | null };
  return json?.message ?? messageOf(error);
}

/** True if the engine has an image of that name. */
export async function isThere(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getImage(name).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

export function notStarted(node: string, error: unknown): DeadairError {
  return new DeadairError('NODE_NOT_STARTED', `node ${node}: ${engineMessage(error)}`, {
    exitCode: ExitCode.labFailed,
    fix: 'What is asked for must fit the image: its programs, and places for files.',
    cause: error,
  });
}
