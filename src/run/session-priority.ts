import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';

const GROUP = '/proc/self/autogroup';

/**
 * Gives this session's programs precedence over those of other sessions until it is disposed of. With
 * CONFIG_SCHED_AUTOGROUP, which distributions' kernels have, a nice value counts within a session only (sched(7)).
 * A child that lives as long as this process puts the old value back, so that it is back after SIGKILL too. Does nothing
 * where there are no such groups, where it isn't allowed, or where the session has that precedence already.
 */
export function raiseSession(nice: number): AsyncDisposable {
  const nothing = { [Symbol.asyncDispose]: () => Promise.resolve() };
  const before = sessionNice();
  if (before === null || before <= nice) return nothing;
  try {
    writeFileSync(GROUP, String(nice));
  } catch {
    return nothing;
  }
  // Ctrl-C goes to it as well.
  const putBack = `trap '' INT TERM HUP; cat >/dev/null; echo "$0" >${GROUP}`;
  const child = spawn('sh', ['-c', putBack, String(before)], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(child, 'close');
  return {
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}

/** `/autogroup-1446 nice 0`; null without such groups. */
function sessionNice(): number | null {
  try {
    const [, nice] = /nice (-?\d+)/.exec(readFileSync(GROUP, 'utf8')) ?? [];
    return nice === undefined ? null : Number(nice);
  } catch {
    return null;
  }
}
