import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunResult } from '../../../src/verdict/types.js';
import { CLI } from '../../fixtures/cli.js';
import { SHORT_SCENARIO, scenarioHome } from '../../fixtures/labs.js';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function deadair(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

const resultOf = async (out: string) =>
  JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as RunResult;

describe('deadair run', function () {
  this.timeout(90_000);

  it('goes from a file to a verdict, which analyze finds again from the folder alone', async () => {
    await using home = await scenarioHome(SHORT_SCENARIO);
    const out = join(home.folder, 'run');
    const ended = await deadair('run', home.file, '--out', out, '--seed', '7', '--json');
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    const run = JSON.parse(ended.stdout) as RunResult;
    assert.deepEqual(run, await resultOf(out));
    const [scenario] = run.scenarios;
    assert.ok(scenario);
    assert.equal(scenario.verdict, 'pass');
    assert.equal(scenario.calls.length, 9);
    for (const call of scenario.calls) {
      assert.equal(call.trunk, 'trunk-a');
      assert.equal(call.ears?.caller.class, 'correct');
      assert.equal(call.ears.callee.class, 'correct');
      assert.ok(call.inviteAt !== null && call.answeredAt !== null && call.endedAt !== null);
      assert.ok(call.answeredAt - call.inviteAt > 500, 'the callee rings for 600 ms');
    }
    for (const name of ['report.html', 'junit.xml', 'allure-results'])
      assert.ok(existsSync(join(out, name)), name);
    const kept = await readdir(join(out, 'short'));
    for (const name of ['plan.json', 'journal.jsonl', 'captures', 'audio', 'logs', 'configs'])
      assert.ok(kept.includes(name), name);

    const again = await deadair('analyze', out, '--json');
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual((JSON.parse(again.stdout) as RunResult).scenarios, run.scenarios);

    const taken = await deadair('run', home.file, '--out', out);
    assert.equal(taken.code, 64);
    assert.match(
      taken.stderr,
      /^RUN_FOLDER_TAKEN: .* has a run of short in it already\. Give --out a new folder/m,
    );

    // As a run that was killed before it was judged.
    await rm(join(out, 'result.json'));
    const found = await deadair('analyze', out, '--json');
    assert.deepEqual((JSON.parse(found.stdout) as RunResult).scenarios, run.scenarios);
  });

  it('reaches the carrier by its second target when the first one is dead (RFC 3263 §4.3)', async () => {
    await using home = await scenarioHome(SHORT_SCENARIO.replace('<= 2s', '<= 6s'), [
      [
        'host-record=edge1.carrier-a.test,{{ip "carrier-a" "sbc"}}',
        'host-record=edge1.carrier-a.test,198.18.2.9',
        '../shared/ns/dnsmasq.conf.hbs',
      ],
    ]);
    const out = join(home.folder, 'run');
    const { stdout } = await deadair('run', home.file, '--out', out);
    const calls = (await resultOf(out)).scenarios[0]?.calls ?? [];
    assert.ok(calls.length > 0);
    for (const call of calls) {
      assert.equal(call.trunk, 'trunk-a', stdout);
      assert.equal(call.finalStatus, 200);
      assert.equal(call.ears?.caller.class, 'correct');
    }
  });

  it('names a program of the system that dies', async () => {
    await using home = await scenarioHome(SHORT_SCENARIO, [
      [
        '      - name: dnsmasq\n',
        "      - name: short-lived\n        run: [sleep, '4']\n        ready: { command: [echo, yes], matches: yes }\n      - name: dnsmasq\n",
      ],
    ]);
    const out = join(home.folder, 'run');
    const { code, stdout } = await deadair('run', home.file, '--out', out);
    assert.equal(code, 1, stdout);
    assert.match(stdout, /NODE_DIED: .*short-lived/);
  });

  it('runs again what is invalid, keeps the first attempt, and tells of it', async () => {
    await using home = await scenarioHome(SHORT_SCENARIO, [
      ['--keep-in-foreground,', '--keep-in-foreground, --no-such-option,'],
    ]);
    const out = join(home.folder, 'run');
    const { code, stdout } = await deadair('run', home.file, '--out', out, '--again', '1');
    assert.equal(code, 3, stdout);
    const [result] = (await resultOf(out)).scenarios;
    assert.deepEqual(
      result?.earlier?.map(({ folder, problems }) => [folder, problems.map(({ code: each }) => each)]),
      [['earlier_attempts/short.1', ['NODE_NOT_READY']]],
    );
    for (const folder of ['short', 'earlier_attempts/short.1'])
      assert.ok(existsSync(join(out, folder, 'plan.json')), folder);
    assert.match(stdout, /attempt 1 was invalid: NODE_NOT_READY \(earlier_attempts\/short\.1\)/);
  });

  it('starts no lab any more once it was interrupted', async () => {
    await using home = await scenarioHome(SHORT_SCENARIO);
    const out = join(home.folder, 'run');
    const args = [CLI, 'run', home.file, '--out', out, '--jobs', '1', '--repeat', '3'];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    while (!existsSync(join(out, 'short.1', 'logs'))) await delay(20);
    child.kill('SIGINT');
    assert.equal(await ended, 130);
    assert.equal((await resultOf(out)).scenarios.length, 3);
    assert.deepEqual(
      ['short.1', 'short.2', 'short.3'].map((id) => existsSync(join(out, id))),
      [true, false, false],
    );
  });

  it('starts nothing for bad input: exit 64, file:line:col and the nearest name', async () => {
    await using home = await scenarioHome(SHORT_SCENARIO.replace('duration:', 'duratoin:'));
    const out = join(home.folder, 'run');
    const { code, stderr } = await deadair('run', home.file, '--out', out);
    assert.equal(code, 64);
    assert.match(stderr, /scenario\.yaml:5:1: .*"duratoin".*duration/);
    assert.equal(existsSync(out), false);
  });

  it('says which option is wrong: exit 64', async () => {
    for (const args of [
      ['--jobs', '0'],
      ['--defects', 'some'],
      ['--shard', '3/2'],
      ['--seed', '-1'],
    ]) {
      const { code, stderr } = await deadair('run', ...args);
      assert.equal(code, 64, args.join(' '));
      assert.ok(stderr.includes(args[0] ?? ''), stderr);
    }
  });

  it('ends with 3 and the log of a node that does not start', async () => {
    await using home = await scenarioHome(SHORT_SCENARIO, [
      ['--keep-in-foreground,', '--keep-in-foreground, --no-such-option,'],
    ]);
    const { code, stdout, stderr } = await deadair('run', home.file, '--out', join(home.folder, 'run'));
    assert.equal(code, 3, stdout);
    assert.match(
      stderr,
      /short: NODE_NOT_READY: dnsmasq on ns.* ended with 1\. Its last log lines:\n+.*bad command line options/,
    );
  });

  it('calls a fault that did not take hold invalid: exit 2', async () => {
    // A second cable and two routes lead around the link that is cut.
    const cut = SHORT_SCENARIO.replace(
      'expect:',
      'timeline:\n  - { at: 1s, cut: sbc--carrier-a, for: 2s }\nexpect:',
    );
    await using home = await scenarioHome(cut, [
      ['\n# In order of preference.', '  - carrier-a--lan\n\n# In order of preference.'],
      [
        '    programs:\n      - name: rtpengine\n',
        `    programs:\n${bypass('carrier-a', 'sbc', 'ns')}      - name: rtpengine\n`,
      ],
      [
        '  - { name: carrier-a, role: carrier, image: sipp }\n',
        `  - name: carrier-a\n    role: carrier\n    programs:\n${bypass('sbc', 'carrier-a', 'ns')}`,
      ],
    ]);
    const out = join(home.folder, 'run');
    const { code, stdout, stderr } = await deadair('run', home.file, '--out', out);
    assert.equal(code, 2, stdout + stderr);
    const [scenario] = (await resultOf(out)).scenarios;
    assert.equal(scenario?.verdict, 'invalid');
    assert.ok(
      scenario.instrument.problems.some(({ code }) => code === 'FAULT_NOT_PROVEN'),
      stdout,
    );
  });

  it('ends in good order when interrupted: exit 130, with what there is', async () => {
    await using home = await scenarioHome(SHORT_SCENARIO);
    const out = join(home.folder, 'run');
    const child = spawn(process.execPath, [CLI, 'run', home.file, '--out', out], { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const log = join(out, 'short', 'logs', 'desk.out-calls.log');
    // The last half second may still be in tcpdump's ring: what came before the end of the first call is not.
    while (!(existsSync(log) && (await readFile(log, 'utf8')).includes('ended'))) await delay(20);
    child.kill('SIGINT');
    assert.equal(await ended, 130);
    const [scenario] = (await resultOf(out)).scenarios;
    assert.equal(scenario?.verdict, 'invalid');
    assert.deepEqual(
      scenario.instrument.problems.map(({ code }) => code).filter((code) => code !== 'HOST_STARVED'),
      ['INTERRUPTED'],
    );
    assert.ok(scenario.calls.some(({ answeredAt }) => answeredAt !== null));
    assert.deepEqual(scenario.diagnoses, []);
    assert.match(await readFile(join(out, 'report.html'), 'utf8'), /INTERRUPTED/);
  });
});

/** A set-up program that sends packets for an address of `peer` by way of the office's switch. */
function bypass(peer: string, own: string, neighbour: string): string {
  const cable = `{{ip "${peer}" "${own}"}}/32`;
  const way = `{{ip "${peer}" "${neighbour}"}}`;
  return `      - name: bypass\n        run: [ip, route, add, '${cable}', via, '${way}']\n        ready: exits\n`;
}
