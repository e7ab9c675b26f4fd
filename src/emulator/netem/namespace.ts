import { execa } from 'execa';
import { writeFile } from 'node:fs/promises';
import { DeadairError, ExitCode, messageOf } from '../../base/errors.js';

/** What helps where the kernel or tc doesn't take an order. */
export const NETEM_FIX = '"deadair doctor" checks what netem needs; --emulator wire does without.';
const START_LIMIT_MS = 10_000;
/** A tmpfs of the namespace's own mounts lies over it. */
const TABLES = '/mnt';

/**
 * The namespaces of the first process. It lives until its standard input ends, which the kernel sees to when the
 * harness does, and then they go with all that is in them: nothing is left to clean up.
 */
const HOLD = `
set -e
mount -t tmpfs -o mode=755,size=64m tmpfs ${TABLES}
for setting in all default; do
  file=/proc/sys/net/ipv6/conf/$setting/disable_ipv6
  if [ -e "$file" ]; then echo 1 >"$file"; fi
done
echo ready
exec cat >/dev/null
`;

/** The network namespace in the middle of all links, where their qdiscs are, and the only one in which tc is run. */
export class MiddleNamespace implements AsyncDisposable {
  readonly netnsPath: string;
  private readonly tables = new Set<string>();
  private disposed = false;

  private constructor(
    private readonly holder: Holder,
    private readonly pid: number,
  ) {
    this.netnsPath = `/proc/${pid}/ns/net`;
  }

  /** Needs root. Rejects with NETEM_NO_NAMESPACE. */
  static async start(): Promise<MiddleNamespace> {
    const holder = startHolder();
    const failed = (why: string) =>
      new DeadairError('NETEM_NO_NAMESPACE', `netem has no namespace to work in: ${why}`, {
        exitCode: ExitCode.labFailed,
        fix: 'netem needs root, and a kernel with network and mount namespaces.',
      });
    const ready = new Promise<void>((resolve, reject) => {
      holder.stdout.once('data', () => resolve());
      void holder.then(({ stderr }) => reject(failed(stderr)));
      setTimeout(() => reject(failed(`not there within ${START_LIMIT_MS} ms`)), START_LIMIT_MS).unref();
    });
    try {
      await ready;
      if (holder.pid === undefined) throw failed('it has no process');
      return new MiddleNamespace(holder, holder.pid);
    } catch (error) {
      holder.kill('SIGKILL');
      throw error;
    }
  }

  /** Calls `listener` if the namespace ends before it is disposed of. */
  onEnd(listener: () => void): void {
    void this.holder.then(() => {
      if (!this.disposed) listener();
    });
  }

  /** Runs tc commands (without the `tc`) in order, in one process; stops at the first that fails. */
  async tc(commands: readonly string[]): Promise<void> {
    if (commands.length > 0) await this.batch(['tc', '-batch', '-'], commands);
  }

  async ip(commands: readonly string[]): Promise<void> {
    if (commands.length > 0) await this.batch(['ip', '-batch', '-'], commands);
  }

  /** What `tc -s -j … show` says, for each command. */
  async show(...commands: readonly string[]): Promise<unknown[]> {
    const stdout = await this.batch(['tc', '-s', '-j', '-batch', '-'], commands);
    return parseLines(stdout, commands.length);
  }

  /** What `ip -s -j link show` says. */
  async links(): Promise<unknown> {
    return JSON.parse(await this.batch(['ip', '-s', '-j', 'link', 'show'], []));
  }

  /** Puts a distribution where tc finds it, as long as the namespace lives. */
  async provideTable(name: string, text: () => string): Promise<void> {
    if (this.tables.has(name)) return;
    await writeFile(`/proc/${this.pid}/root${TABLES}/${name}.dist`, text());
    this.tables.add(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
    this.holder.stdin.end();
    await this.holder;
  }

  private async batch(command: string[], lines: readonly string[]): Promise<string> {
    const input = lines.map((line) => `${line}\n`).join('');
    try {
      const { stdout } = await execa(
        'nsenter',
        ['--target', String(this.pid), '--net', '--mount', '--', ...command],
        { input, env: { TC_LIB_DIR: TABLES } },
      );
      return stdout;
    } catch (error) {
      throw new DeadairError(
        'NETEM_ORDER_FAILED',
        `${messageOf(error)}${failedLine(messageOf(error), lines)}`,
        {
          exitCode: ExitCode.labFailed,
          fix: NETEM_FIX,
          cause: error,
        },
      );
    }
  }
}

function startHolder() {
  return execa(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--propagation', 'private'],
      ...['--', 'sh', '-c', HOLD],
    ],
    { stdin: 'pipe', reject: false, cleanup: false },
  );
}
type Holder = ReturnType<typeof startHolder>;

/** A batch writes a JSON document a line, but nothing for what shows nothing. */
function parseLines(stdout: string, count: number): unknown[] {
  const documents = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
  if (documents.length !== count)
    throw new DeadairError('NETEM_READBACK', `tc showed ${documents.length} of ${count} things`, {
      exitCode: ExitCode.invalid,
    });
  return documents;
}

/** tc and ip name the line of a batch at which they gave up. */
function failedLine(message: string, lines: readonly string[]): string {
  const line = /Command failed -:(\d+)/.exec(message)?.[1];
  return line === undefined ? '' : ` (${lines[Number(line) - 1]})`;
}
