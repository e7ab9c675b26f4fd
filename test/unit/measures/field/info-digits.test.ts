import assert from 'node:assert/strict';
import type { DtmfDigit } from '../../../../src/measures/hearing/dtmf/digits.js';
import { analyzed, bothWays } from '../../../fixtures/analyzed.js';
import { CALLEE, CALLER, callPackets, sipPacket } from '../../../fixtures/field.js';
import { rtpPacket, type WirePacket } from '../../../fixtures/pcap.js';

const INFO = { start: 'INFO', fromTag: 'a', toTag: 'b' };
const relay = (digit: string) => ({
  type: 'application/dtmf-relay',
  body: `Signal=${digit}\r\nDuration=160\r\n`,
});
/** The caller dials `digit` by INFO. */
const dialled = (atMs: number, digit: string, cseq: number): WirePacket =>
  sipPacket({ ...INFO, atMs, cseq, content: relay(digit) });
const MEDIA = bothWays();

const shown = (digits: readonly DtmfDigit[] = []): string =>
  digits.map(({ digit, channel, duplicate }) => `${digit} ${channel}${duplicate ? ' again' : ''}`).join(', ');

describe('digits in SIP INFO of a captured call', () => {
  it('are those of the party that hears them, each once however often it was sent', async () => {
    const again = dialled(4500, '7', 10);
    const { calls, findings } = await analyzed([
      ...callPackets(),
      ...MEDIA,
      dialled(4000, '7', 10),
      again,
      dialled(5000, '11', 11),
      sipPacket({ ...INFO, atMs: 6000, cseq: 12, content: { type: 'application/dtmf', body: '5' } }),
    ]);
    assert.equal(shown(calls[0]?.ears.callee?.digits), '7 info, # info, 5 info');
    assert.equal(shown(calls[0]?.ears.caller?.digits), '');
    const [finding] = findings.filter(({ code }) => code === 'DTMF_SEEN');
    assert.match(finding?.summary ?? '', /The caller dialled 7#5 \(SIP INFO\)/);
    assert.equal(finding?.evidence.length, 3);
  });

  it('from the callee are the caller’s', async () => {
    const back = { ...INFO, fromTag: 'b', toTag: 'a', src: CALLEE, dst: CALLER };
    const { calls } = await analyzed([
      ...callPackets(),
      ...MEDIA,
      sipPacket({ ...back, atMs: 4000, cseq: 1, content: relay('9') }),
    ]);
    assert.deepEqual(
      [shown(calls[0]?.ears.caller?.digits), shown(calls[0]?.ears.callee?.digits)],
      ['9 info', ''],
    );
  });

  it('are a duplicate of the same digit in an RTP event', async () => {
    const event = [0, 1, 2].map((n) => ({
      ...MEDIA[0]!,
      atMs: 4010 + 20 * n,
      payload: rtpPacket({
        sequence: 5000 + n,
        timestamp: 77,
        ssrc: 1,
        payloadType: 101,
        payload: Buffer.of(7, n === 2 ? 0x8a : 10, 0, 160 * (n + 1)),
      }),
    }));
    const attributes = ['a=rtpmap:101 telephone-event/8000'];
    const { calls, findings } = await analyzed([
      ...callPackets({ payloads: '0 101', attributes }),
      ...MEDIA,
      ...event,
      dialled(4050, '7', 10),
    ]);
    assert.equal(shown(calls[0]?.ears.callee?.digits), '7 event, 7 info again');
    assert.ok(findings.some(({ code }) => code === 'DTMF_TWICE'));
  });

  it('need no media to be told of', async () => {
    const { findings } = await analyzed([...callPackets(), dialled(4000, '3', 10)]);
    assert.match(findings.find(({ code }) => code === 'DTMF_SEEN')?.summary ?? '', /dialled 3 /);
  });

  it('aren’t read from a body that was cut off, is of another kind, or is no digit', async () => {
    const bodies = [
      { type: 'application/dtmf-relayed', body: 'Signal=5' },
      { type: 'application/dtmf', body: 'x'.repeat(2000) },
      { type: 'application/dtmf', body: '' },
    ];
    const others = bodies.map((content, i) => sipPacket({ ...INFO, atMs: 4000 + i, cseq: 10 + i, content }));
    const whole = dialled(4010, '5', 20);
    const cut = {
      ...whole,
      payload: whole.payload.toString().replace(/Content-Length: \d+/, 'Content-Length: 999'),
    };
    const { findings } = await analyzed([...callPackets(), ...others, cut]);
    assert.ok(!findings.some(({ code }) => code.startsWith('DTMF')));
  });
});
