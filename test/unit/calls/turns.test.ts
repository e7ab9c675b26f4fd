import assert from 'node:assert/strict';
import { signatureKey } from '../../../src/audio/signature.js';
import { Turns } from '../../../src/calls/turns.js';
import { pausing } from '../../fixtures/pausing.js';

describe('a party that pauses', () => {
  it('talks, tells the noise of its pause once, and says nothing until it talks again', () => {
    const turns = new Turns({ talkMs: 60, pauseMs: 80 });
    const said = Array.from({ length: 14 }, () => turns.next()[0]).join('');
    assert.equal(said, 'vvvn' + 'nnn' + 'vvvn' + 'nnn');
    const again = new Turns({ talkMs: 60, pauseMs: 80 });
    const words = Array.from({ length: 7 }, () => again.next());
    assert.deepEqual(words.slice(3), ['noise', 'nothing', 'nothing', 'nothing']);
  });

  it('sends comfort noise by RFC 3389: one packet, no sequence number missing, a marker at the next word', () => {
    const packets = pausing(signatureKey(7, 'a', 'from-caller'), 0, 8000);
    assert.equal(packets.length, 100 + 1 + 100);
    const [before, noise, after] = packets.slice(99, 102);
    assert.deepEqual([noise?.payloadType, noise?.marker, [...(noise?.payload ?? [])]], [13, false, [60]]);
    const step = (later: number, earlier: number) => (later - earlier) & 0xffff;
    assert.equal(step(noise!.sequence, before!.sequence), 1);
    assert.equal(step(after!.sequence, noise!.sequence), 1);
    assert.deepEqual(
      [noise!.timestamp - before!.timestamp, after!.timestamp - noise!.timestamp],
      [160, 32_000],
    );
    assert.deepEqual([after!.marker, packets[102]?.marker], [true, false]);
  });
});
