import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEvidence } from '../../../src/evidence/load.js';
import { evidenceOf, PHONE, phoneAndSbc, SBC, sip } from '../../fixtures/evidence.js';
import { fragmentFrames, ipv4Frame, writePcap } from '../../fixtures/pcap.js';

describe('loadEvidence', () => {
  const folders: string[] = [];
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
  const makeFolder = (journal?: object[]) => {
    const folder = phoneAndSbc(journal);
    folders.push(folder);
    return folder;
  };

  it('places messages: point, frame, lab axis, and who sent them', async () => {
    const evidence = await evidenceOf([sip(-5.5, 1), sip(1, 2)], [sip(0.25, 1)]);
    assert.deepEqual(
      evidence.sip.map(({ seen, cseq }) => ({ cseq, ...seen, atMs: Math.round(seen.atMs * 1000) / 1000 })),
      [
        {
          cseq: 1,
          file: 'captures/phone.sbc.pcap',
          node: 'phone',
          interface: 'sbc',
          frame: 1,
          atMs: -5.5,
          sent: true,
        },
        {
          cseq: 1,
          file: 'captures/sbc.phone.pcap',
          node: 'sbc',
          interface: 'phone',
          frame: 1,
          atMs: 0.25,
          sent: false,
        },
        {
          cseq: 2,
          file: 'captures/phone.sbc.pcap',
          node: 'phone',
          interface: 'sbc',
          frame: 2,
          atMs: 1,
          sent: true,
        },
      ],
    );
    const [first] = evidence.sip;
    assert.deepEqual(first?.src, { address: PHONE, port: 5060 });
    assert.deepEqual(first?.dst, { address: SBC, port: 5060 });
    assert.equal(first?.sdp?.port, 40001);
    assert.deepEqual(
      evidence.captures.map(({ file, frames, problems }) => [file, frames, problems]),
      [
        ['captures/phone.sbc.pcap', 2, []],
        ['captures/sbc.phone.pcap', 1, []],
        ['captures/sbc.core.pcap', 0, []],
      ],
    );
  });

  it('flags byte-identical repeats in the same direction at the same point only', async () => {
    const back = { src: SBC, dst: PHONE };
    const evidence = await evidenceOf(
      [sip(0, 1), sip(500, 1), sip(501, 1, back), sip(502, 2)],
      [sip(0.1, 1)],
    );
    const flags = evidence.sip.map(({ seen, retransmission }) => [seen.node, seen.frame, retransmission]);
    assert.deepEqual(flags, [
      ['phone', 1, false],
      ['sbc', 1, false],
      ['phone', 2, true],
      ['phone', 3, false],
      ['phone', 4, false],
    ]);
  });

  it('reads SIP that came in fragments', async () => {
    const frames = fragmentFrames(sip(0, 1), 96).map((frame, i) => ({ atMs: i, frame }));
    const evidence = await evidenceOf(frames);
    assert.equal(evidence.sip.length, 1);
    assert.equal(evidence.sip[0]?.seen.frame, frames.length);
    assert.equal(evidence.sip[0]?.sdp?.port, 40001);
  });

  it('lists ICMP errors, and no echoes', async () => {
    const icmp = (type: number, code: number) =>
      ipv4Frame(sip(0, 1), 1, Buffer.concat([Buffer.from([type, code]), Buffer.alloc(34)]));
    const { icmp: errors } = await evidenceOf([
      { atMs: 3, frame: icmp(8, 0) },
      { atMs: 4, frame: icmp(3, 3) },
    ]);
    assert.equal(errors.length, 1);
    const { type, code, src, dst, seen } = errors[0]!;
    assert.deepEqual([type, code, src, dst, seen.frame, seen.sent], [3, 3, PHONE, SBC, 2, true]);
  });

  it('reports what it does not decode', async () => {
    const tls = Buffer.concat([Buffer.alloc(20), Buffer.from([22, 3, 1, 0, 1, 1])]);
    tls.writeUInt16BE(5061, 2);
    tls[12] = 0x50;
    const { sip: messages, captures } = await evidenceOf([
      { atMs: 0, frame: ipv4Frame(sip(0, 1), 6, tls) },
      sip(1, 1, { payload: 'not SIP' }),
      sip(2, 1, { payload: '\r\n\r\n' }),
      sip(3, 1, { payload: 'OPTIONS sip:x SIP/2.0\r\n\r\n' }),
    ]);
    assert.equal(messages.length, 0);
    assert.deepEqual(captures[0]?.problems, [
      '1 × connection with SIP over TLS, keys absent (first: frame 1)',
      '1 × datagram to port 5060 that is not SIP (first: frame 2)',
      '1 × SIP message without Call-ID, CSeq, From or To (first: frame 4)',
    ]);
  });

  it('reports captures that are missing and such that nobody planned', async () => {
    const folder = makeFolder();
    writePcap(join(folder, 'captures', 'phone.sbc.pcap'), [sip(0, 1)]);
    writeFileSync(join(folder, 'captures', 'sbc.phone.pcap'), '');
    writePcap(join(folder, 'captures', 'ghost.eth0.pcap'), [sip(0, 1)]);
    const { captures, sip: messages } = await loadEvidence(folder);
    assert.equal(messages.length, 1);
    assert.deepEqual(
      captures.map(({ file, problems }) => [file, problems.map((problem) => problem.slice(0, 16))]),
      [
        ['captures/phone.sbc.pcap', []],
        ['captures/sbc.phone.pcap', ['is empty']],
        ['captures/sbc.core.pcap', ['cannot be opened']],
        ['captures/ghost.eth0.pcap', ['is not read: the']],
      ],
    );
  });

  it('needs a clock entry', async () => {
    const folder = makeFolder([{ atMs: 0, event: 'traffic-started' }]);
    await assert.rejects(loadEvidence(folder), { code: 'RUN_FOLDER_UNREADABLE', message: /no clock entry/ });
  });
});
