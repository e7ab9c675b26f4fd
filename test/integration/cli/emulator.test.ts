import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { netemAvailable } from '../../../src/emulator/netem.js';
import type { RunResult, ScenarioResult } from '../../../src/verdict/types.js';
import { CLI } from '../../fixtures/cli.js';
import { SHORT_SCENARIO, scenarioHome } from '../../fixtures/labs.js';

function deadair(...args: string[]): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { maxBuffer: 1 << 28 }, (error, _stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stderr });
    });
  });
}
const withFault = (entry: string, duration = '5s') =>
  SHORT_SCENARIO.replace('duration: 5s', `duration: ${duration}`).replace(
    'expect:',
    `timeline:\n  - { ${entry} }\nexpect:`,
  );

async function scenarioIn(out: string): Promise<ScenarioResult> {
  const { scenarios } = JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as RunResult;
  assert.ok(scenarios[0]);
  return scenarios[0];
}

describe('deadair run, and its emulator', function () {
  this.timeout(90_000);

  it('tells which it takes and why, and what that decided of a course, which analyze tells again', async () => {
    await using home = await scenarioHome(
      withFault('at: 1s, impair: sbc--carrier-a, profile: leo, for: 5s', '8s'),
    );
    const out = join(home.folder, 'run');
    const { code, stderr } = await deadair('run', home.file, '--out', out, '--emulator', 'auto');
    const scenario = await scenarioIn(out);
    assert.equal(code, 0, stderr + JSON.stringify(scenario.instrument.problems));
    // A course over time is one that netem does nearly.
    const { emulator, emulatorWhy } = scenario.environment;
    const kernel = await netemAvailable();
    assert.equal(emulator, 'wire');
    assert.equal(emulatorWhy.includes('step by step'), kernel.ok);
    assert.ok(stderr.startsWith(`Emulator wire: ${emulatorWhy}.\n`), stderr);
    const decided = scenario.faults[0]?.decided ?? [];
    assert.deepEqual(
      decided.map(({ from, frames, unrecorded }) => [from, frames > 100, unrecorded]),
      [
        ['sbc', true, 0],
        ['carrier-a', true, 0],
      ],
    );
    for (const { delayMs } of decided) assert.ok((delayMs ?? 0) > 5, JSON.stringify(decided));
    assert.equal((await deadair('analyze', out)).code, 0);
    assert.deepEqual((await scenarioIn(out)).faults, scenario.faults);
  });

  it('refuses what netem can not do, before anything starts: exit 64', async () => {
    const block = 'at: 1s, block: sbc--carrier-a, only: { sip: { method: INVITE } }, for: 2s';
    await using home = await scenarioHome(withFault(block));
    const out = join(home.folder, 'run');
    const { code, stderr } = await deadair('run', home.file, '--out', out, '--emulator', 'netem');
    assert.equal(code, 64, stderr);
    assert.match(
      stderr,
      /scenario\.yaml:9:5: NETEM_CANNOT: netem can't do choosing packets by what their SIP says/,
    );
    assert.equal(existsSync(out), false);
    assert.equal((await deadair('validate', home.file, '--emulator', 'netem')).code, 64);
    assert.equal((await deadair('validate', home.file)).code, 0);
  });

  it('starts nothing with netem on a kernel that has none: exit 3', async function () {
    if ((await netemAvailable()).ok) return this.skip();
    await using home = await scenarioHome(SHORT_SCENARIO);
    const out = join(home.folder, 'run');
    const { code, stderr } = await deadair('run', home.file, '--out', out, '--emulator', 'netem');
    assert.equal(code, 3, stderr);
    assert.match(
      stderr,
      /^NETEM_MISSING: the kernel has no \w+\. Run "modprobe \w+", or use --emulator wire\.$/m,
    );
    assert.equal(existsSync(out), false);
  });

  it('keeps the evidence of the calls when the emulator breaks down, and calls the scenario invalid', async () => {
    const breaking = `  - name: carrier-a
    role: carrier
    programs:
      - name: saboteur
        run: [sh, -c, 'sleep 6; ip link delete sbc; sleep 60']
        ready: { command: [echo, yes], matches: yes }
`;
    await using home = await scenarioHome(withFault('at: 2s, cut: sbc--carrier-a, for: 1s', '12s'), [
      ['  - { name: carrier-a, role: carrier, image: sipp }\n', breaking],
    ]);
    const out = join(home.folder, 'run');
    const { code, stderr } = await deadair('run', home.file, '--out', out, '--emulator', 'wire');
    assert.equal(code, 3, stderr);
    const scenario = await scenarioIn(out);
    assert.equal(scenario.verdict, 'invalid');
    const [problem] = scenario.instrument.problems;
    assert.equal(problem?.code, 'EMULATOR_FAILED', JSON.stringify(scenario.instrument.problems));
    assert.match(problem.summary, /somebody removed sbc of link sbc--carrier-a/);
    const answered = scenario.calls.filter(({ answeredAt }) => answeredAt !== null);
    assert.ok(answered.length > 0 && answered.every(({ evidence }) => evidence.length > 0));
    assert.ok(answered.some(({ ears }) => ears !== null));
  });
});
