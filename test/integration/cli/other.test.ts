import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { CLI } from '../../fixtures/cli.js';
import { SHORT_SCENARIO, scenarioHome } from '../../fixtures/labs.js';

const deadair = (...args: string[]) => execFileSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });

describe('deadair without a lab', () => {
  it('validates every scenario that comes with it', () => {
    assert.match(deadair('validate'), /^\d+ scenarios are valid\n$/);
  });

  it('tells what is wrong with a file as JSON, where it is asked to', async () => {
    await using home = await scenarioHome(SHORT_SCENARIO.replace('title:', 'titel:'));
    const { status, stdout } = spawnSync(process.execPath, [CLI, 'validate', home.file, '--json'], {
      encoding: 'utf8',
    });
    assert.equal(status, 64);
    const { valid, errors } = JSON.parse(stdout) as { valid: null; errors: Record<string, unknown>[] };
    assert.equal(valid, null);
    const typo = errors.find(({ code }) => code === 'KEY_UNKNOWN');
    assert.equal(typo?.['fix'], 'Did you mean "title"?');
    assert.ok(String(typo?.['file']).endsWith(basename(home.file)) && Number(typo?.['line']) > 0);
  });

  it('tells its version, and examples in its help', () => {
    const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as {
      version: string;
    };
    assert.equal(deadair('--version'), `${version}\n`);
    assert.match(deadair('--help'), /Examples:\n {2}deadair doctor/);
  });

  it('lists them, with their twins', () => {
    assert.match(
      deadair('list', '--tag', 'tour'),
      /carrier-cut\n.*\n.*A digger.*\n.*lab dual-carrier.*\n +cut sbc--carrier-a at 8 s\n +twin sbc-without-probing → SLOW_DETECTION/,
    );
    const rows = JSON.parse(deadair('list', '--json')) as { id: string; durationS: number }[];
    assert.ok(rows.some(({ id, durationS }) => id === 'steady' && durationS === 20));
  });

  it('prints the schemas', () => {
    const schema = JSON.parse(deadair('schema')) as { properties: Record<string, unknown> };
    assert.ok('traffic' in schema.properties);
    assert.ok('nodes' in (JSON.parse(deadair('schema', 'lab')) as typeof schema).properties);
  });

  it('runs scenarios as mocha suites, an expectation an it', async function () {
    this.timeout(60_000);
    await using home = await scenarioHome(
      SHORT_SCENARIO + 'defects:\n  - { plant: sbc-swallows-ringing, diagnosis: NO_RINGBACK }\n',
    );
    const report = execFileSync(
      process.execPath,
      [
        ...[
          join(packageFolder(), 'node_modules', 'mocha', 'bin', 'mocha.js'),
          '--no-config',
          '--reporter',
          'json',
        ],
        join(packageFolder(), 'dist', 'test', 'fixtures', 'mocha-file.js'),
      ],
      { encoding: 'utf8', env: { ...process.env, SCENARIO: home.file, OUT: join(home.folder, 'run') } },
    );
    const { stats, tests } = JSON.parse(report) as {
      stats: { suites: number; passes: number };
      tests: { title: string }[];
    };
    assert.equal(stats.suites, 2);
    assert.equal(stats.passes, 6, report);
    assert.ok(tests.some(({ title }) => title.includes('NO_RINGBACK')));
  });
});
