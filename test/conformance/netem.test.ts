import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { netemAvailable } from '../../src/emulator/netem.js';
import { netemCases } from './netem-cases.js';
import type { NetemOutcome, Observed } from './netem-outcome.js';
import { runInUml, umlMissing } from './uml/run.js';

const RUN = fileURLToPath(new URL('netem-run.js', import.meta.url));
/** A run takes two minutes of traffic, and twice that in User-Mode Linux on a machine that has other work. */
const LIMIT_MS = 600_000;

/** Runs the conformance traffic on this kernel if it has netem, and else on one in User-Mode Linux. */
async function conform(): Promise<NetemOutcome | string> {
  const available = await netemAvailable();
  const missing = available.ok ? null : umlMissing();
  if (!available.ok && missing !== null) return `${available.why} And for User-Mode Linux ${missing}.`;
  const work = await mkdtemp(join(tmpdir(), 'deadair-netem-'));
  try {
    const file = join(work, 'outcome.json');
    const command = [process.execPath, RUN, file];
    if (available.ok) await promisify(execFile)(process.execPath, [RUN, file], { timeout: LIMIT_MS });
    else await runInUml(command, work, LIMIT_MS);
    return JSON.parse(await readFile(file, 'utf8')) as NetemOutcome;
  } finally {
    await rm(work, { recursive: true });
  }
}

describe('netem on a real kernel', function () {
  this.timeout(LIMIT_MS + 10_000);
  let outcome: NetemOutcome;

  before(async function () {
    const conformed = await conform();
    if (typeof conformed !== 'string') outcome = conformed;
    else {
      process.stderr.write(`netem conformance is skipped: ${conformed}\n`);
      this.skip();
    }
  });

  const records = (title: string) => {
    const found = outcome.records[title];
    assert.ok(found !== undefined, `there is no case "${title}"`);
    return found;
  };
  const observed = (name: string): Observed => {
    const seen = outcome.behaviours[name];
    assert.ok(seen, `there is no behaviour "${name}"`);
    if ('error' in seen) assert.fail(seen.error);
    return seen.observed;
  };

  for (const { title, checks, controls } of netemCases)
    it(title, function () {
      const met = records(title);
      if (met === null) {
        process.stderr.write(`netem, ${title}: this machine has no time to measure in\n`);
        return this.skip();
      }
      for (const { holds, detail } of checks(met)) assert.ok(holds, detail);
      for (const { holds, detail } of controls(met)) assert.ok(!holds, `control not noticed: ${detail}`);
    });

  it('applies a rule to what matches all that it names, and to nothing else', () => {
    assert.deepEqual(observed('rules'), {
      inRange: 0,
      beyondRange: 3,
      otherDestination: 3,
      portAndDscp: 0,
      otherDscp: 3,
      otherProtocol: 3,
      matched: [3, 0, 3, 0, 0],
    });
  });

  it('loses in a black hole what is sent and what is under way, one way only, and counts it', () => {
    assert.deepEqual(observed('blackhole'), {
      back: 3,
      during: null,
      after: [4, null],
      received: 3,
      delivered: 1,
      droppedByCut: 2,
    });
  });

  it('refuses at once, whatever the way back is like, and lets ARP through', () => {
    assert.deepEqual(observed('reject'), {
      silence: null,
      refused: 'ECONNREFUSED',
      arrived: null,
      rejected: 1,
      tcp: ['pending', 'reset'],
      resolved: true,
    });
  });

  it('is proven parameter by parameter by the probes of a run', () => {
    assert.deepEqual(observed('proofs'), { wrong: [] });
  });

  it('takes the carrier away at both ends, and gives it back', () => {
    assert.deepEqual(observed('carrier'), {
      before: [false, false],
      during: [true, true],
      after: [false, false],
      back: 7,
    });
  });

  it('follows a trace step by step', () => {
    const { low, high } = observed('trace') as { low: number; high: number };
    assert.ok(low > 0.15 && high > 0.15, `${low} of the packets took 20 ms, ${high} 80 ms`);
  });

  it('carries TCP segment by segment', () => {
    const { frames } = observed('segments') as { frames: number };
    assert.ok(frames >= 200_000 / 1448, `${frames} frames for 200,000 bytes`);
  });

  it('notices that somebody else has changed a qdisc, and leaves it alone', () => {
    assert.deepEqual(observed('meddling'), { before: 'done', after: 'NETEM_READBACK', mended: 'done' });
  });

  it('leaves no interface of a link that could not be made', () => {
    assert.deepEqual(observed('takenName'), { code: 'LINK_FAILED', left: ['eth0'], right: ['eth0'] });
  });

  it('takes its interfaces away when it is disposed of', () => {
    assert.deepEqual(observed('disposal'), { during: ['eth0', 'eth9'], after: ['eth0'] });
  });

  it('is found by trying, and seeded by no kernel older than 6.6', () => {
    const { ok, seeds, isOld } = observed('availability');
    assert.equal(ok, true);
    assert.ok(!(seeds && isOld));
  });

  it('leaves nothing when its process is killed', () => {
    assert.deepEqual(observed('crash'), { during: ['eth0', 'eth9'], after: ['eth0'] });
  });
});
