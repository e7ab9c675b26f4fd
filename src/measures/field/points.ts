import type { Endpoint } from '../../evidence/types.js';
import type { FieldSource } from './source.js';
import type { CapturePlace, FieldEar } from './types.js';

/** Hosts that every packet of a capture is from or to: it was taken at one of them, or right beside it. */
export type CapturePoints = ReadonlyMap<string, ReadonlySet<string>>;

export function capturePoints({ sip, streams }: FieldSource): CapturePoints {
  const common = new Map<string, Set<string>>();
  const see = (file: string, src: Endpoint, dst: Endpoint) => {
    const hosts = common.get(file);
    if (!hosts) common.set(file, new Set([src.address, dst.address]));
    else for (const host of hosts) if (host !== src.address && host !== dst.address) hosts.delete(host);
  };
  for (const { seen, src, dst } of sip) see(seen.file, src, dst);
  for (const { file, src, dst } of streams) see(file, src, dst);
  return common;
}

/** How near to the ear a stream was captured, and how that is known. */
export function placeOfEar(
  { file, src, dst }: { file: string; src: Endpoint; dst: Endpoint },
  points: CapturePoints,
): Pick<FieldEar, 'file' | 'place' | 'placeReason'> {
  const hosts = points.get(file) ?? new Set();
  const told = (place: CapturePlace, placeReason: string) => ({ file, place, placeReason });
  const way = `${src.address} to ${dst.address}`;
  if (hosts.size > 1)
    return told('between', `captured on the way from ${way}, at which end can't be told: what passed there`);
  if (hosts.has(dst.address)) return told('at-ear', `captured at ${dst.address}: what arrived there`);
  if (hosts.has(src.address))
    return told(
      'at-sender',
      `captured at ${src.address}, which sends it: what left there, not what was heard`,
    );
  return told('between', `captured on the way from ${way}: what passed there, not what was heard`);
}
