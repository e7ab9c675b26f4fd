import assert from 'node:assert/strict';
import { mergeDigits, type DtmfChannel } from '../../../../../src/measures/hearing/dtmf/digits.js';
import { eventDigits } from '../../../../../src/measures/hearing/dtmf/events.js';
import { infoDigits, type InfoRequest } from '../../../../../src/measures/hearing/dtmf/info.js';
import { arrivedStream } from '../../../../fixtures/encoding.js';

const PAYLOADS = new Map([[101, { codec: 'telephone-event', clockHz: 8000 }]]);

interface Press {
  event: number;
  timestamp: number;
  ticks: number[];
}
const eventStream = (presses: Press[], ssrc = 1) => {
  let sequence = 0;
  return arrivedStream(
    presses.flatMap(({ event, timestamp, ticks }) =>
      ticks.map((duration) => ({
        atMs: 20 * sequence,
        sequence: sequence++,
        timestamp,
        payloadType: 101,
        payload: Uint8Array.of(event, 10, duration >> 8, duration & 255),
      })),
    ),
    ssrc,
  );
};
const text = (streams: Parameters<typeof eventDigits>[0]) =>
  eventDigits(streams, PAYLOADS)
    .map(({ digit, durationMs }) => `${digit}:${durationMs}`)
    .join(' ');

describe('telephone events (RFC 4733)', () => {
  it('one digit for each timestamp and event, however many packets tell it', () => {
    const press = { event: 5, timestamp: 4000, ticks: [160, 320, 480, 800, 800, 800] };
    assert.equal(text([eventStream([press])]), '5:100');
    assert.equal(text([eventStream([press, { ...press, timestamp: 6000 }])]), '5:100 5:100');
    assert.equal(text([eventStream([press, { ...press, event: 11 }])]), '5:100 #:100');
  });

  it('the same timestamp of another SSRC is another digit', () => {
    const press = { event: 1, timestamp: 4000, ticks: [800] };
    assert.equal(text([eventStream([press], 1), eventStream([press], 2)]), '1:100 1:100');
  });

  it('a key held for longer than 16 bits can say is one digit', () => {
    const long = [
      { event: 7, timestamp: 1000, ticks: [30_000, 0xffff] },
      { event: 7, timestamp: 1000 + 0xffff, ticks: [160, 0xffff] },
      { event: 7, timestamp: 1000 + 2 * 0xffff, ticks: [800] },
    ];
    assert.equal(text([eventStream(long)]), `7:${(2 * 0xffff + 800) / 8}`);
  });

  it('leaves out what is no digit, no event, or cut short', () => {
    assert.equal(text([eventStream([{ event: 36, timestamp: 1, ticks: [800] }])]), '');
    assert.deepEqual(eventDigits([eventStream([{ event: 3, timestamp: 1, ticks: [800] }])], new Map()), []);
    const short = eventStream([{ event: 3, timestamp: 1, ticks: [800] }]);
    assert.equal(text([{ ...short, payload: [Uint8Array.of(3, 10)] }]), '');
  });
});

describe('digits in SIP INFO', () => {
  const request = (cseq: number, body: string, more: Partial<InfoRequest> = {}): InfoRequest => ({
    atMs: cseq * 100,
    callId: 'call',
    fromTag: 'a',
    cseq,
    contentType: 'application/dtmf-relay',
    body,
    evidence: { file: 'a.pcap', frame: cseq },
    ...more,
  });
  const digitsOf = (...requests: InfoRequest[]) =>
    infoDigits(requests)
      .map(({ digit, durationMs }) => `${digit}:${durationMs}`)
      .join(' ');

  it('reads both kinds of body', () => {
    assert.equal(digitsOf(request(1, 'Signal=5\r\nDuration=160\r\n')), '5:160');
    assert.equal(digitsOf(request(1, ' signal = * \n')), '*:null');
    assert.equal(digitsOf(request(1, 'Signal=11\r\nDuration=100')), '#:100');
    assert.equal(digitsOf(request(1, '#\r\n', { contentType: 'application/dtmf;q=1' })), '#:null');
  });

  it('counts a CSeq once, and each side of a dialog by itself', () => {
    assert.equal(
      digitsOf(request(1, 'Signal=5'), request(1, 'Signal=5'), request(2, 'Signal=5')),
      '5:null 5:null',
    );
    assert.equal(digitsOf(request(1, 'Signal=5'), request(1, 'Signal=6', { fromTag: 'b' })), '5:null 6:null');
  });

  it('leaves out other bodies', () => {
    assert.equal(
      digitsOf(request(1, 'Signal=Z'), request(2, ''), request(3, 'Signal=5', { contentType: 'text/plain' })),
      '',
    );
  });
});

describe('digits of all channels', () => {
  const told = (channel: DtmfChannel, digits: string, atMs: number, stepMs = 200) =>
    [...digits].map((digit, i) => ({
      digit,
      channel,
      atMs: atMs + stepMs * i,
      durationMs: 100,
      evidence: null,
    }));
  const merged = (...channels: ReturnType<typeof told>[]) =>
    mergeDigits(...channels)
      .map(({ digit, duplicate }) => (duplicate ? `(${digit})` : digit))
      .join('');

  it('what another channel told before is a duplicate', () => {
    assert.equal(merged(told('event', '17', 0), told('in-band', '17', 60)), '1(1)7(7)');
    assert.equal(merged(told('event', '1', 0), told('in-band', '1', 60), told('info', '1', 90)), '1(1)(1)');
  });

  it('the same digit again on one channel is another press', () => {
    assert.equal(merged(told('event', '55', 0)), '55');
    assert.equal(merged(told('event', '55', 0), told('in-band', '55', 50)), '5(5)5(5)');
  });

  it('what comes later than a jitter buffer can hold it is another press', () => {
    assert.equal(merged(told('event', '5', 0), told('in-band', '5', 500)), '55');
  });
});
