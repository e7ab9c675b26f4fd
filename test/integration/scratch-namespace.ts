import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A network namespace of our own, without IPv6, held by a child that ends with this process. */
export interface ScratchNamespace extends AsyncDisposable {
  netnsPath: string;
  /** Runs a command inside and returns its stdout; throws if it fails. */
  run(command: string, ...args: string[]): string;
}

export async function startScratchNamespace(): Promise<ScratchNamespace> {
  const hold = 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; echo ready; exec cat';
  const child = spawn('unshare', ['--net', 'sh', '-c', hold], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), exited]);
  const pid = child.pid;
  if (pid === undefined || child.exitCode !== null) throw new Error('unshare --net failed');
  return {
    netnsPath: `/proc/${pid}/ns/net`,
    run: (command, ...args) =>
      execFileSync('nsenter', ['--net', '--target', String(pid), command, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
