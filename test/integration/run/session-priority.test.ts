import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';

const MODULE = join(packageFolder(), 'dist', 'src', 'run', 'session-priority.js');
/** A session of its own, in which a harness raises it; the shell tells before, while and after. */
const session = (harness: string) => `
  nice() { sed 's/.*nice //' /proc/self/autogroup; }
  nice
  ${harness}
  for _ in $(seq 100); do [ "$(nice)" = 0 ] && break; sleep 0.05; done
  nice`;
const script = (end: string) => `
  import { raiseSession } from '${MODULE}';
  import { execFileSync } from 'node:child_process';
  const raised = raiseSession(-7);
  raiseSession(-7);
  process.stdout.write(execFileSync('sed', ['s/.*nice //', '/proc/self/autogroup']));
  ${end}`;

describe('the priority of a session', function () {
  this.timeout(20_000);
  before(function () {
    if (!existsSync('/proc/self/autogroup')) this.skip();
  });

  for (const [how, end] of [
    ['ends', 'await raised[Symbol.asyncDispose]();'],
    ['is killed', "process.kill(process.pid, 'SIGKILL');"],
  ] as const)
    it(`is higher for a run, and what it was when that ${how}`, () => {
      const node = `'${process.execPath}' --input-type=module -e "$SCRIPT"`;
      const { stdout } = spawnSync('setsid', ['--wait', 'sh', '-c', session(node)], {
        env: { ...process.env, SCRIPT: script(end) },
        encoding: 'utf8',
      });
      assert.deepEqual(stdout.trim().split('\n'), ['0', '-7', '0']);
    });
});
