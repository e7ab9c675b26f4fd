import { watch, type FSWatcher } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** What SIPp says of a call, by the `<log>` actions of lab/sipp/*.xml.hbs. */
export interface CallLogLine {
  /** undelivered: another carrier shall deliver it. */
  state: 'placed' | 'alerted' | 'answered' | 'undelivered' | 'ended';
  sipCallId: string;
  localPort: number;
  /** The other party's media, where the line tells it. */
  remote: { address: string; port: number } | null;
}

const LINE = /^(placed|alerted|answered|undelivered|ended) (\S+) (\d+)(?: (\S+) (\d+))?$/;

/** Null for a line that isn't one of ours (SIPp's own remarks). */
export function parseCallLogLine(line: string): CallLogLine | null {
  const [, state, sipCallId, localPort, address, port] = LINE.exec(line.trim()) ?? [];
  if (!state || !sipCallId) return null;
  return {
    state: state as CallLogLine['state'],
    sipCallId,
    localPort: Number(localPort),
    remote: address === undefined ? null : { address, port: Number(port) },
  };
}

/** What SIPp says of a phone that registers, by lab/sipp/phone.xml.hbs. */
export interface RegistrationLogLine {
  state: 'registered' | 'refused' | 'unanswered';
  extension: string;
  /** Time until it registers again. */
  againMs: number;
}

const REGISTRATION_LINE = /^(registered|refused|unanswered) (\S+) ([\d.]+)$/;

/** Null for a line that isn't one of ours. */
export function parseRegistrationLogLine(line: string): RegistrationLogLine | null {
  const [, state, extension, againMs] = REGISTRATION_LINE.exec(line.trim()) ?? [];
  if (!state || !extension) return null;
  return { state: state as RegistrationLogLine['state'], extension, againMs: Math.round(Number(againMs)) };
}

/**
 * Follows a log that a program appends to, line by line as they come; lines that `parse` makes nothing of are left out. The file must exist. An error of reading, or of
 * `onLine`, ends the following and is thrown by its disposal.
 */
export async function followLog<T>(
  path: string,
  parse: (line: string) => T | null,
  onLine: (line: T) => void,
): Promise<AsyncDisposable> {
  const follower = new LogFollower(await open(path, 'r'), (text) => {
    const line = parse(text);
    if (line !== null) onLine(line);
  });
  const watcher: FSWatcher = watch(path, () => void follower.read().catch(() => undefined));
  await follower.read();
  return {
    async [Symbol.asyncDispose]() {
      watcher.close();
      await follower.close();
    },
  };
}

class LogFollower {
  private readonly buffer = Buffer.alloc(65_536);
  private rest = '';
  private reading = Promise.resolve();

  constructor(
    private readonly file: FileHandle,
    private readonly onLine: (text: string) => void,
  ) {}

  /** Reads what is new; one read at a time, in order. */
  read(): Promise<void> {
    this.reading = this.reading.then(() => this.readNew());
    return this.reading;
  }

  async close(): Promise<void> {
    await this.read();
    await this.file.close();
  }

  private async readNew(): Promise<void> {
    for (;;) {
      const { bytesRead } = await this.file.read(this.buffer, 0, this.buffer.length, null);
      if (bytesRead === 0) return;
      const lines = (this.rest + this.buffer.toString('latin1', 0, bytesRead)).split('\n');
      this.rest = lines.pop() ?? '';
      for (const text of lines) this.onLine(text);
    }
  }
}
