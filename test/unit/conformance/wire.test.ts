import assert from 'node:assert/strict';
import { type DirectionState, clearDirection } from '../../../src/emulator/contract.js';
import { type ConformanceCase, conformanceCases } from '../../conformance/cases.js';
import type { PacketRecord } from '../../conformance/checks.js';
import { IPV4, carry, type Delivery } from '../../fixtures/wire-carrier.js';

const SEED = 20;
/** Where a frame has its number once more, so that damage to either shows. */
const NUMBER_AT = 20;

/**
 * The traffic of a case through wire's own decisions, on a clock that nobody has to wait for: every draw is of the seed,
 * so that statistics can't fail by chance. The same cases over real links are `npm run conformance`.
 */
function recordsOf({ traffic }: ConformanceCase, state: DirectionState): PacketRecord[] {
  const { count, gapMs, frameBytes } = traffic;
  const steps = Array.from({ length: count }, (_, number) => {
    const frame = Buffer.alloc(frameBytes);
    frame.writeUInt16BE(IPV4, 12);
    frame.writeUInt32BE(number, NUMBER_AT);
    return { gapMs, frame, state: number === 0 ? state : null };
  });
  const { deliveries } = carry(SEED, steps);
  // As a receiver would, by its checksum.
  const arrived = deliveries.filter(isWhole);
  const seen = new Set(arrived.map(({ frame }) => frame));
  const lost = steps.flatMap((_, seq) =>
    seen.has(seq) ? [] : [{ seq, sentMs: gapMs * (seq + 1), receivedMs: null }],
  );
  return [...arrived.map(({ frame, sentMs, atMs }) => ({ seq: frame, sentMs, receivedMs: atMs })), ...lost];
}

function isWhole({ frame, bytes }: Delivery): boolean {
  const numbers = new Set([
    12,
    13,
    ...[0, 1, 2, 3].flatMap((byte) => [NUMBER_AT + byte, bytes.length - 4 + byte]),
  ]);
  return (
    bytes.readUInt16BE(12) === IPV4 &&
    bytes.readUInt32BE(NUMBER_AT) === frame &&
    bytes.every((byte, at) => byte === 0 || numbers.has(at))
  );
}

describe('conformance of wire, without a kernel', () => {
  for (const each of conformanceCases) {
    const told = { ...clearDirection, otherwise: each.impairment };

    it(each.title, () => {
      const records = recordsOf(each, told);
      for (const { holds, detail } of each.checks(records)) assert.ok(holds, detail);
      for (const { holds, detail } of each.controls(records))
        assert.ok(!holds, `control not noticed: ${detail}`);
    });

    const isClear = Object.values(each.impairment).every((value) => value === null);
    it(`${each.title}: and ${isClear ? 'one that loses everything' : 'one that does nothing'} is caught`, () => {
      const other: DirectionState = isClear ? { ...clearDirection, cut: 'blackhole' } : clearDirection;
      const findings = each.checks(recordsOf(each, other));
      assert.ok(findings.some(({ holds }) => !holds));
    });
  }
});
