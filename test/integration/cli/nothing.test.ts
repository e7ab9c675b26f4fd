import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import type { RunResult } from '../../../src/verdict/types.js';
import { SHORT_SCENARIO, scenarioHome } from '../../fixtures/labs.js';

const CLI = join(packageFolder(), 'dist', 'src', 'cli', 'main.js');

const deadair = (...args: string[]) =>
  spawnSync(process.execPath, [CLI, 'run', ...args], { encoding: 'utf8' });

describe('deadair run with nothing to run', () => {
  it('is bad input where no shard would have anything', async () => {
    await using home = await scenarioHome(SHORT_SCENARIO);
    for (const shard of [[], ['--shard', '1/2']]) {
      const { status, stderr } = deadair(home.file, '--defects', 'only', ...shard);
      assert.equal(status, 64);
      assert.match(
        stderr,
        /^NOTHING_TO_RUN: --defects only leaves nothing to run: no scenario of .* has a twin/,
      );
    }
  });

  it('is no failure of a shard that got none, and never called as expected', async () => {
    await using home = await scenarioHome(SHORT_SCENARIO);
    const out = join(home.folder, 'run');
    const { status, stdout, stderr } = deadair(home.file, '--shard', '2/2', '--out', out);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Shard 2\/2 had nothing to run/m);
    assert.match(stdout, /^exit 0: there was nothing to run$/m);
    const json = deadair(home.file, '--shard', '2/2', '--out', join(home.folder, 'other'), '--json');
    assert.deepEqual((JSON.parse(json.stdout) as RunResult).scenarios, []);
  });
});
