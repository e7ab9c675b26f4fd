import { isIPv4 } from 'node:net';
import type { Chance, Delay, Impairment, Loss, Match, Rate, Slot } from '../plan/impairment.js';
import type { Trace } from '../plan/traces/types.js';
import type { DirectionState, LinkState } from './contract.js';

/**
 * Throws RangeError, which names the field (`aToB.rules[0].impairment.loss.share: 1.4 …`), for a state that can't be.
 * The jitter of a uniform delay may not exceed it; other distributions are cut off at no delay.
 */
export function assertLinkState(state: LinkState): void {
  assertDirection('aToB', state.aToB);
  assertDirection('bToA', state.bToA);
}

function assertDirection(path: string, { rules, otherwise, profile }: DirectionState): void {
  for (const [index, { match, impairment }] of rules.entries()) {
    assertMatch(`${path}.rules[${index}].match`, match);
    assertImpairment(`${path}.rules[${index}].impairment`, impairment);
  }
  assertImpairment(`${path}.otherwise`, otherwise);
  if (profile) assertTrace(`${path}.profile`, profile);
}

function assertTrace(path: string, trace: Trace): void {
  if (trace.kind === 'packet') {
    demand(`${path}.delaysMs`, trace.delaysMs.length, trace.delaysMs.length > 0, 'packets at least 1');
    for (const [index, delayMs] of trace.delaysMs.entries())
      if (delayMs !== null) assertAtLeast(`${path}.delaysMs[${index}]`, delayMs, 0);
    return;
  }
  const { steps, lengthMs } = trace;
  demand(`${path}.steps`, steps.length, steps.length > 0, 'steps at least 1');
  for (const [index, { atMs, impairment }] of steps.entries()) {
    const before = steps[index - 1]?.atMs;
    assertAtLeast(`${path}.steps[${index}].atMs`, atMs, 0);
    if (before !== undefined)
      demand(`${path}.steps[${index}].atMs`, atMs, atMs > before, `later than ${before}`);
    assertImpairment(`${path}.steps[${index}].impairment`, impairment);
  }
  const lastMs = steps.at(-1)?.atMs ?? 0;
  demand(`${path}.lengthMs`, lengthMs, lengthMs > lastMs && lengthMs < Infinity, `more than ${lastMs}`);
}

function assertImpairment(path: string, impairment: Impairment): void {
  const { delay, loss, duplicate, corrupt, reorder, rate, slot, mtuBytes } = impairment;
  if (delay) assertDelay(`${path}.delay`, delay);
  if (loss) assertLoss(`${path}.loss`, loss);
  if (duplicate) assertChance(`${path}.duplicate`, duplicate);
  if (corrupt) assertChance(`${path}.corrupt`, corrupt);
  if (reorder) {
    assertChance(`${path}.reorder`, reorder);
    assertCount(`${path}.reorder.gap`, reorder.gap, 0);
  }
  if (rate) assertRate(`${path}.rate`, rate);
  if (slot) assertSlot(`${path}.slot`, slot);
  if (mtuBytes !== null) assertCount(`${path}.mtuBytes`, mtuBytes, 1);
}

function assertDelay(path: string, { ms, jitterMs, distribution, correlation }: Delay): void {
  assertAtLeast(`${path}.ms`, ms, 0);
  assertAtLeast(`${path}.jitterMs`, jitterMs, 0);
  assertShare(`${path}.correlation`, correlation);
  if (distribution === 'uniform')
    demand(`${path}.jitterMs`, jitterMs, jitterMs <= ms, `at most the delay, ${ms}`);
  else if (typeof distribution === 'object') {
    const { table } = distribution;
    demand(`${path}.distribution.table`, table.length, table.length >= 2, 'values at least 2');
    for (const [index, value] of table.entries())
      demand(`${path}.distribution.table[${index}]`, value, Number.isFinite(value), 'a number');
  }
}

function assertLoss(path: string, loss: Loss): void {
  switch (loss.kind) {
    case 'random':
      return assertChance(path, loss);
    case 'gilbert-elliott':
      for (const name of ['p', 'r', 'h', 'k'] as const) assertShare(`${path}.${name}`, loss[name]);
      return;
    case 'four-state':
      for (const name of ['p13', 'p31', 'p32', 'p23', 'p14'] as const)
        assertShare(`${path}.${name}`, loss[name]);
      demand(`${path}.p13 + p14`, loss.p13 + loss.p14, loss.p13 + loss.p14 <= 1, 'at most 1');
      demand(`${path}.p31 + p32`, loss.p31 + loss.p32, loss.p31 + loss.p32 <= 1, 'at most 1');
      return;
    case 'pattern':
      demand(`${path}.lose`, loss.lose.length, loss.lose.length > 0, 'entries at least 1');
  }
}

function assertRate(path: string, { bitsPerS, burstBytes, limitPackets, limitMs }: Rate): void {
  demand(`${path}.bitsPerS`, bitsPerS, bitsPerS > 0 && bitsPerS < Infinity, 'more than 0');
  assertAtLeast(`${path}.burstBytes`, burstBytes, 0);
  if (limitPackets !== null) assertCount(`${path}.limitPackets`, limitPackets, 1);
  if (limitMs !== null) assertAtLeast(`${path}.limitMs`, limitMs, 0);
}

function assertSlot(path: string, { minMs, maxMs, packets }: Slot): void {
  assertAtLeast(`${path}.minMs`, minMs, 0);
  assertAtLeast(`${path}.maxMs`, maxMs, minMs);
  if (packets !== null) assertCount(`${path}.packets`, packets, 1);
}

function assertMatch(path: string, match: Match): void {
  for (const name of ['source', 'destination'] as const)
    if (match[name] !== undefined) assertNetwork(`${path}.${name}`, match[name]);
  for (const name of ['sourcePort', 'destinationPort'] as const) {
    const ports = match[name];
    if (ports === undefined) continue;
    const [first, last] = typeof ports === 'number' ? [ports, ports] : ports;
    demand(`${path}.${name}`, first, Number.isInteger(first) && first >= 0 && first <= last, `0–${last}`);
    demand(`${path}.${name}`, last, Number.isInteger(last) && last <= 65_535, `${first}–65535`);
  }
  const { dscp, sip, rtp } = match;
  if (dscp !== undefined) demandBits(`${path}.dscp`, dscp, 6);
  if (rtp?.ssrc !== undefined) demandBits(`${path}.rtp.ssrc`, rtp.ssrc, 32);
  if (rtp?.payloadType !== undefined) demandBits(`${path}.rtp.payloadType`, rtp.payloadType, 7);
  if (sip?.first !== undefined) assertCount(`${path}.sip.first`, sip.first, 1);
  if (sip?.status !== undefined)
    demand(
      `${path}.sip.status`,
      sip.status,
      /^[1-6](\d\d|xx)$/.test(String(sip.status)),
      '100–699 or 1xx–6xx',
    );
}

function assertNetwork(path: string, network: string): void {
  const [address = '', bits = '32', ...rest] = network.split('/');
  const valid = isIPv4(address) && /^\d\d?$/.test(bits) && Number(bits) <= 32 && rest.length === 0;
  demand(path, network, valid, 'an IPv4 address or CIDR');
}

function assertChance(path: string, { share, correlation }: Chance): void {
  assertShare(`${path}.share`, share);
  assertShare(`${path}.correlation`, correlation);
}

const assertShare = (path: string, value: number) => demand(path, value, value >= 0 && value <= 1, '0–1');

const assertAtLeast = (path: string, value: number, least: number) =>
  demand(path, value, value >= least && value < Infinity, `at least ${least}`);

const assertCount = (path: string, value: number, least: number) =>
  demand(path, value, Number.isInteger(value) && value >= least, `a whole number, at least ${least}`);

const demandBits = (path: string, value: number, bits: number) =>
  demand(path, value, Number.isInteger(value) && value >= 0 && value < 2 ** bits, `0–${2 ** bits - 1}`);

function demand(path: string, value: number | string, holds: boolean, wanted: string): void {
  if (!holds) throw new RangeError(`${path}: ${value} is out of range, it must be ${wanted}`);
}
