import assert from 'node:assert/strict';
import { execa } from 'execa';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import type { RunResult } from '../../../src/verdict/types.js';
import { CLI } from '../../fixtures/cli.js';
import { busyboxFolder } from '../../fixtures/docker-images.js';
import type { TestEngine } from '../../fixtures/docker-engine.js';
import { SHORT_SCENARIO, scenarioHome } from '../../fixtures/labs.js';

const CUT = join(packageFolder(), 'scenarios', 'trunk', 'carrier-cut.yaml');
const SECRET = 'canary-4711-sings';

/** Whole runs by the command line, with the images of lab/images. */
export function labTests(engine: () => TestEngine): void {
  let out: string;
  beforeEach(async () => {
    out = await mkdtemp(join(tmpdir(), 'deadair-'));
  });
  afterEach(() => rm(out, { recursive: true }));
  const run = async (args: string[], environment: Record<string, string> = {}) => {
    const ended = await execa(
      process.execPath,
      [CLI, 'run', ...args, '--again', '1', '--out', out, '--json'],
      {
        env: { ...engine().environment, ...environment },
        reject: false,
        maxBuffer: 1 << 28,
      },
    );
    assert.ok(ended.stdout.startsWith('{'), ended.stderr);
    return { result: JSON.parse(ended.stdout) as RunResult, ended };
  };

  it('passes carrier-cut and catches its twin, as on netns', async function () {
    this.timeout(900_000);
    const { result, ended } = await run([CUT, '--runtime', 'docker', '--tag', 'tour', '--defects', 'also']);
    const outcomes = result.scenarios.map(({ id, verdict, diagnoses, instrument }) => [
      id,
      verdict,
      ...diagnoses.slice(0, 1).map(({ code }) => code),
      ...instrument.problems.map(({ summary }) => summary),
    ]);
    assert.deepEqual(outcomes, [
      ['carrier-cut', 'pass'],
      ['carrier-cut@sbc-without-probing', 'fail', 'SLOW_DETECTION'],
    ]);
    assert.equal(ended.exitCode, 0);
    const { runtime, versions } = result.scenarios[0]?.environment ?? {};
    assert.equal(runtime, 'docker');
    assert.equal(versions?.['docker'], engine().engine.version);
    assert.match(versions?.['kamailio'] ?? '', /kamailio \d/);
  });

  it("takes Docker for a stranger's image by itself, and writes its secret nowhere", async function () {
    this.timeout(120_000);
    const leak =
      'echo "log: $PBX_PASSWORD"; echo "file: $PBX_PASSWORD" >/run/node/logs/own.log; echo "work: $PBX_PASSWORD" >/run/node/work/state; exec /bin/busybox sleep 1000';
    const build = await busyboxFolder([`CMD ["/bin/busybox", "sh", "-c", ${JSON.stringify(leak)}]`]);
    const pbx = `  - { name: pbx, role: pbx, image: ${build}/, secrets: [PBX_PASSWORD] }\n`;
    await using home = await scenarioHome(SHORT_SCENARIO, [
      ['  - { name: carrier-a, role', `${pbx}  - { name: carrier-a, role`],
      ['  - sbc--lan\n', '  - sbc--lan\n  - pbx--lan\n'],
    ]);
    const { result } = await run([home.file], { PBX_PASSWORD: SECRET });
    assert.deepEqual(
      result.scenarios.map(({ verdict, environment }) => [verdict, environment.runtime]),
      [['pass', 'docker']],
    );
    const files = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    const texts = await Promise.all(
      files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')),
    );
    assert.deepEqual(
      files.filter((_, index) => texts[index]?.includes(SECRET)).map(({ name }) => name),
      [],
    );
    const stars = '*'.repeat(SECRET.length);
    for (const text of [`log: ${stars}`, `file: ${stars}`, `work: ${stars}`])
      assert.ok(
        texts.some((one) => one.includes(text)),
        text,
      );
    await rm(build, { recursive: true });
  });
}
