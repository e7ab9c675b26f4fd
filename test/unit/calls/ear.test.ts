import assert from 'node:assert/strict';
import { Ear } from '../../../src/calls/ear.js';

const VOICE = Uint8Array.of(0x80, 0x80);
const NOISE = Uint8Array.of(0x80, 13);

describe('an ear of the live view', () => {
  it('is deaf once nothing came for more than 240 ms of a call that is up', () => {
    const ear = new Ear();
    assert.equal(ear.isDeaf(10_000), false, 'no call is up');
    ear.answered(10_000);
    assert.equal(ear.isDeaf(10_240), false);
    assert.equal(ear.isDeaf(10_241), true, 'nothing ever came');
    ear.reached(VOICE, 10_300);
    assert.equal(ear.isDeaf(10_540), false);
    assert.equal(ear.isDeaf(10_541), true);
    ear.answered(10_600);
    assert.equal(ear.isDeaf(10_600), true, 'another answer of the same call brings no audio');
  });

  it('is not deaf in a pause that it was told of, and is after that', () => {
    const ear = new Ear();
    ear.answered(0);
    ear.reached(NOISE, 100);
    assert.equal(ear.isDeaf(9000), false);
    ear.reached(VOICE, 9000);
    assert.equal(ear.isDeaf(9300), true);
  });

  it('is not deaf when its call is over, whatever still comes', () => {
    const ear = new Ear();
    ear.answered(0);
    ear.over();
    ear.reached(VOICE, 100);
    assert.equal(ear.isDeaf(9000), false);
  });
});
