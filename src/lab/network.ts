import { execa } from 'execa';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import type { StartedNode } from './runtime.js';

/** For commands that set something up: none of them has to wait for anything. */
const COMMAND_LIMIT_MS = 10_000;

/**
 * Runs a command of the host in a node's network, and nothing else of the node: its image need not have it.
 * @throws NODE_NETWORK_FAILED if it ends with anything but 0 (exit 3)
 */
export async function runInNetwork(
  { name, netnsPath }: Pick<StartedNode, 'name' | 'netnsPath'>,
  command: readonly string[],
  input = '',
): Promise<void> {
  try {
    await execa('nsenter', [`--net=${netnsPath}`, '--', ...command], { input, timeout: COMMAND_LIMIT_MS });
  } catch (error) {
    throw new DeadairError('NODE_NETWORK_FAILED', `network of node ${name}: ${messageOf(error)}`, {
      exitCode: ExitCode.labFailed,
      cause: error,
    });
  }
}
