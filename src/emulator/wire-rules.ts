import { isDeepStrictEqual } from 'node:util';
import type { Impairment } from '../plan/impairment.js';
import { Lane } from './chain/lane.js';
import type { Rule } from './contract.js';
import { packetTest } from './packet/match.js';
import type { PacketTest } from './packet/packet-view.js';
import type { WireDirection } from './wire-direction.js';

/** A lane that knows where its frames are to be delivered. */
export class WireLane extends Lane {
  constructor(
    readonly direction: WireDirection,
    key: string,
    rule: number,
    impairment: Impairment,
  ) {
    super(key, rule, impairment);
  }
}

/** A rule in force. */
export interface WireRule {
  rule: Rule;
  test: PacketTest;
  lane: WireLane;
}

/** The rules for a new state: one that was in force already goes on, with its counts and its queue. */
export function rulesFor(
  rules: readonly Rule[],
  before: readonly WireRule[],
  laneFor: (rule: Rule, index: number) => WireLane,
): WireRule[] {
  const left = [...before];
  return rules.map((rule, index) => {
    const at = left.findIndex((candidate) => isDeepStrictEqual(candidate.rule, rule));
    const [same] = at < 0 ? [] : left.splice(at, 1);
    if (!same) return { rule, test: packetTest(rule.match), lane: laneFor(rule, index) };
    same.lane.rule = index;
    return same;
  });
}
