import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { StartedNode } from '../../../src/lab/runtime.js';
import type { JournalEntry } from '../../../src/runfolder/journal.js';
import { figureWords } from '../../../src/runfolder/proof-words.js';
import { faultProofs, held, planOf as planWith, reasons as reasonsOf, run } from './timeline-stand.js';

/** An SBC with a real SIP proxy and a program that always wants the processor, and a carrier that does nothing. */
const LAB = `name: two-lines
description: A proxy.
nodes:
  - { name: desk, role: phone }
  - { name: lan, role: switch }
  - name: sbc
    role: sbc
    programs:
      - name: kamailio
        run: [kamailio, -DD, -E, -f, /run/node/configs/kamailio.cfg, -Y, /run]
        configs: [kamailio.cfg]
        ready: { sip-options: { address: '{{ip "sbc" "desk"}}', port: 5060 } }
      - name: busy
        run: [sh, -c, 'socat UDP-LISTEN:7000 - & while :; do :; done']
        ready: { udp-bound: 7000 }
  - { name: carrier-a, role: carrier }
links: [desk--lan, sbc--lan, sbc--carrier-a]
trunks: [{ name: a, carrier: carrier-a }]
numbers: { desk: '+12025550100', carrier-number: '+12025550142' }
`;
const PROXY = `children=2
disable_tcp=no
loadmodule "sl.so"
request_route { sl_send_reply("200", "OK"); }
`;

const planOf = (duration: string, entries: string[]) =>
  planWith(duration, entries, { 'lab/two-lines/lab.yaml': LAB, 'lab/two-lines/kamailio.cfg': PROXY });
const reasons = (entries: JournalEntry[]) => reasonsOf(faultProofs(entries));
const boots = (entries: JournalEntry[]) =>
  entries.flatMap((entry) =>
    entry.event === 'boot' ? [`${entry.fault} ${entry.program ?? 'node'} ${entry.stage}`] : [],
  );

describe('faults of a real node', function () {
  this.timeout(60_000);

  it('power: dark at all of its peers and without a process, then booted program by program; links too', async () => {
    const plan = planOf('7s', [
      'at: 500ms, power: sbc, for: 1500ms',
      'at: 4s, impair: sbc--carrier-a, delay: 20ms, for: 1500ms',
    ]);
    const entries = await run(plan);
    assert.deepEqual(reasons(entries), held(1, 2));
    assert.deepEqual(faultProofs(entries)['fault-1 applied']?.figures.map(figureWords), [
      'at sbc: processes 0 where 0 was asked for',
      'at sbc: carriers 0 where 0 was asked for',
      'at sbc: sent 0 where 0 was asked for',
    ]);
    assert.deepEqual(boots(entries), [
      'fault-1 node interfaces',
      'fault-1 kamailio program',
      'fault-1 busy program',
      'fault-1 node ready',
    ]);
    const end = entries.find((entry) => entry.event === 'clear-proof' && entry.when === 'end');
    assert.ok(end?.event === 'clear-proof' && end.proof.holds);
  });

  it('power: a brown-out cuts each boot short, and the last one is whole', async () => {
    const entries = await run(
      planOf('6s', ['at: 500ms, power: sbc, for: 400ms, repeat: { times: 3, every: 460ms }']),
    );
    assert.deepEqual(reasons(entries), held(1, 2, 3));
    const found = boots(entries);
    assert.ok(
      found.includes('fault-1 node cut-short') && found.includes('fault-2 node cut-short'),
      found.join(),
    );
    assert.equal(found.at(-1), 'fault-3 node ready');
  });

  it('freeze: stopped, its sockets open, OPTIONS unanswered; and it goes on', async () => {
    const entries = await run(planOf('4s', ['at: 500ms, freeze: sbc, for: 1500ms']));
    assert.deepEqual(reasons(entries), held(1));
    const [stopped, sockets, answered] = faultProofs(entries)['fault-1 applied']?.figures ?? [];
    assert.equal(stopped?.achieved, 1);
    assert.ok((sockets?.achieved ?? 0) >= 4, 'UDP and TCP of Kamailio on both sides, and socat');
    assert.equal(answered?.achieved, 0);
    assert.ok((faultProofs(entries)['fault-1 healed']?.figures[1]?.achieved ?? 0) >= 2);
  });

  it('crash: the program and all that it started, and nothing else; started again it is ready', async () => {
    const entries = await run(
      planOf('4s', ['at: 500ms, crash: sbc, program: kamailio, signal: SEGV, restart-after: 1s']),
    );
    assert.deepEqual(reasons(entries), held(1));
    const [ended, others] = faultProofs(entries)['fault-1 applied']?.figures ?? [];
    assert.ok((ended?.achieved ?? 0) >= 5, 'Kamailio is several processes');
    assert.equal(others?.achieved, 1);
    assert.deepEqual(boots(entries), ['fault-1 kamailio program']);
  });

  it('crash: a program that does not come up again is told, and is no flaw of the proof', async () => {
    const entries = await run(planOf('4s', ['at: 500ms, crash: sbc, program: kamailio, restart-after: 1s']), {
      async during(started) {
        const hide = 'umount /run/node/configs 2>/dev/null; mount -t tmpfs none /run/node/configs';
        await started.node('sbc').run(['sh', '-c', hide]);
      },
    });
    assert.deepEqual(reasons(entries), held(1));
    assert.deepEqual(boots(entries), ['fault-1 kamailio failed']);
  });

  it('starve: gets what it was left and waits for more, and nothing stays behind', async () => {
    const entries = await run(planOf('5s', ['at: 500ms, starve: sbc, cpu: 10%, for: 3s']));
    assert.deepEqual(reasons(entries), held(1));
    const [cpu, throttled] = faultProofs(entries)['fault-1 applied']?.figures ?? [];
    assert.ok((cpu?.achieved ?? 1) > 0.05 && (cpu?.achieved ?? 1) < 0.12, String(cpu?.achieved));
    assert.ok((throttled?.achieved ?? 0) > 10);
    const tree = existsSync('/sys/fs/cgroup/cpu') ? '/sys/fs/cgroup/cpu' : '/sys/fs/cgroup';
    assert.deepEqual(
      (await readdir(tree)).filter((name) => name.startsWith(`deadair-${process.pid}-`)),
      [],
    );
  });

  it('does not believe a runtime that does nothing', async () => {
    const nothing = () => Promise.resolve();
    const plan = planOf('6s', [
      'at: 500ms, power: sbc, for: 500ms',
      'at: 2s, freeze: sbc, for: 1s',
      'at: 4s, starve: carrier-a, cpu: 50%, for: 1s',
    ]);
    const spoil = (node: StartedNode) => {
      Object.assign(node, { powerOff: nothing, powerOn: nothing, freeze: nothing, thaw: nothing });
    };
    const entries = await run(plan, { spoil });
    const found = reasons(entries);
    assert.match(found['fault-1 applied'] ?? '', /processes \d+ where 0 .* carriers 2 where 0 was asked for/);
    assert.match(
      found['fault-2 applied'] ?? '',
      /stopped 0 % where 100 % .* answered \d+ where 0 was asked for/,
    );
    assert.match(
      found['fault-3 applied'] ?? '',
      /throttled 0 where at least 1 was asked for/,
      'it never wanted more',
    );
  });
});
