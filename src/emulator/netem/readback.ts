import { DeadairError, ExitCode } from '../../base/errors.js';
import type { Filter } from './filters.js';
import type { Qdisc } from './qdisc.js';

/** Of what `tc -s -j qdisc show` says of a qdisc. */
export interface ShownQdisc {
  kind: string;
  handle: string;
  dev: string;
  parent?: string;
  root?: boolean;
  options: Record<string, unknown>;
  packets: number;
  drops: number;
  qlen: number;
}

/** Of what `tc -s -j filter show` says of a filter. */
export interface ShownFilter {
  pref: number;
  kind: string;
  chain?: number;
  options?: {
    keys?: Record<string, unknown>;
    actions?: {
      kind: string;
      to_dev?: string;
      control_action?: { type: string; chain?: number };
      stats?: { packets: number; drops: number };
    }[];
  };
}

/** Of what `ip -s -j link show` says of a device: frames that it received and sent. */
export interface ShownLink {
  ifname: string;
  stats64: { rx: { packets: number }; tx: { packets: number; dropped: number } };
}

/** Six digits is what tc prints; netem's 32-bit shares are finer than that. */
const PRECISION = 2e-5;
/** tc's clock has ticks of 64 ns. */
const SMALLEST_S = 2e-7;

/** Throws NETEM_READBACK unless the kernel shows all that was ordered for a device, and no other root. */
export function compareQdiscs(device: string, ordered: readonly Qdisc[], shown: readonly ShownQdisc[]): void {
  const there = shown.filter(({ dev, kind }) => dev === device && kind !== 'clsact');
  for (const { object, kind, parent, shown: wanted } of ordered) {
    if (object === 'class' || wanted === null) continue;
    const found = there.find((qdisc) => (parent === 'root' ? qdisc.root === true : qdisc.parent === parent));
    if (found?.kind !== kind)
      throw mismatch(`${device} has ${found?.kind ?? 'nothing'} at ${parent}, not ${kind}`);
    const figures = flatten(found.options);
    for (const [name, figure] of Object.entries(wanted)) {
      const { about, within } = typeof figure === 'number' ? exactly(figure) : figure;
      const got = figures[name] ?? 0;
      if (Math.abs(got - about) > within)
        throw mismatch(`${device}: ${kind} has ${name} ${got}, not ${about}`);
    }
    const extra = Object.keys(figures).find(
      (name) => name.startsWith('loss-') && figures[name] && !(name in wanted),
    );
    if (extra) throw mismatch(`${device}: ${kind} has ${extra} ${figures[extra]}, which nobody asked for`);
  }
}

/** Throws NETEM_READBACK unless a chain holds these filters and no others, in this order. */
export function compareFilters(
  device: string,
  ordered: readonly Filter[],
  shown: readonly ShownFilter[],
): void {
  if (shown.length !== ordered.length)
    throw mismatch(`${device} has ${shown.length} filters, not ${ordered.length}`);
  for (const [index, { shown: keys, action }] of ordered.entries()) {
    const { options } = shown[index]!;
    const got = options?.actions?.[0];
    const acts = action === 'drop' ? got?.control_action?.type === 'drop' : got?.to_dev === action.redirect;
    if (!acts || !sameKeys(keys, options?.keys ?? {}))
      throw mismatch(
        `${device}: filter ${index + 1} is ${JSON.stringify(options)}, not ${JSON.stringify(keys)}`,
      );
  }
}

const exactly = (value: number) => ({
  about: value,
  within: Math.max(SMALLEST_S, Math.abs(value) * PRECISION),
});

function sameKeys(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  const sorted = (keys: Record<string, unknown>) =>
    JSON.stringify(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}

/** `{delay: {jitter: 1}}` → `{'delay.jitter': 1}`; what isn't a number is left out. */
function flatten(options: Record<string, unknown>, prefix = ''): Record<string, number> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]): [string, number][] => {
      if (typeof value === 'number') return [[prefix + name, value]];
      if (typeof value === 'object' && value !== null)
        return Object.entries(flatten(value as Record<string, unknown>, `${prefix}${name}.`));
      return [];
    }),
  );
}

function mismatch(what: string): DeadairError {
  return new DeadairError('NETEM_READBACK', `the kernel shows another impairment than was ordered: ${what}`, {
    exitCode: ExitCode.invalid,
    fix: 'Use --emulator wire, and tell us the versions of your kernel and of tc.',
  });
}
