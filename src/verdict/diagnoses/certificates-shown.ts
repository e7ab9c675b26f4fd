import type { LogLine, TlsCertificate, TlsHandshake } from '../../evidence/types.js';
import { trunkNodes } from '../../measures/path.js';
import type { Plan } from '../../plan/types.js';
import type { Case } from './case.js';

/** Alerts by which a side refuses the other's certificate (RFC 5246 §7.2.2). */
export const ALERTS: Readonly<Record<number, string>> = {
  42: 'bad certificate',
  43: 'unsupported certificate',
  44: 'certificate revoked',
  45: 'certificate expired',
  46: 'certificate unknown',
  48: 'unknown CA',
};

/** A handshake in which the server's certificate was seen. */
export type Shown = TlsHandshake & { certificate: TlsCertificate };

/** All that was seen of one server's certificates. */
export interface ShownBy {
  /** `edge-b (trunk-b)`: the node, and the trunk to whose carrier it leads. */
  name: string;
  trunk: string | null;
  /** At least one; each where its connection was opened, if that was captured. */
  handshakes: Shown[];
  /** Lines in which its peer says that it wanted another host. */
  refusedAs: { line: LogLine; wanted: string }[];
}

/** `certificate of ADDRESS:PORT is for HOST, not for HOST`: what a lab's configuration logs when it checks the name. */
const NOT_FOR = /certificate of (\S+) is for \S+, not for ([^\s:]+)/;

/** The servers that showed certificates, in order of their first. */
export function shownBy({ plan, tls, log }: Case): ShownBy[] {
  const servers = new Map<string, Shown[]>();
  for (const handshake of atTheClient(tls).filter(isShown)) {
    const place = `${handshake.server.address}:${handshake.server.port}`;
    servers.set(place, [...(servers.get(place) ?? []), handshake]);
  }
  return [...servers].map(([place, handshakes]) => ({
    ...namesOf(plan, place),
    handshakes,
    refusedAs: log.flatMap((line) => {
      const [, at, wanted = ''] = NOT_FOR.exec(line.text) ?? [];
      return at === place ? [{ line, wanted }] : [];
    }),
  }));
}

/** Trunks that nobody could use: every certificate that was shown on their way was refused. */
export const refusedTrunks = (subject: Case): ReadonlySet<string | null> =>
  new Set(
    shownBy(subject)
      .filter(({ handshakes, refusedAs }) => refusedAs.length > 0 || handshakes.every(isRefused))
      .map(({ trunk }) => trunk),
  );

/** The client broke off because of the certificate. */
export const isRefused = ({ alert, established }: TlsHandshake): boolean =>
  !established && alert !== null && alert.by === 'client' && alert.code in ALERTS;

/** Out of its time, as the handshake's own time is. */
export const isOutdated = ({ certificate: { fromMs, toMs }, seen: { atMs } }: Shown): boolean =>
  atMs > toMs || atMs < fromMs;

const isShown = (handshake: TlsHandshake): handshake is Shown => handshake.certificate !== null;

function atTheClient(handshakes: readonly TlsHandshake[]): TlsHandshake[] {
  const keyOf = ({ client, server }: TlsHandshake) => JSON.stringify([client, server]);
  const atClients = new Set(handshakes.filter(({ seen }) => seen.sent).map(keyOf));
  return handshakes.filter((one) => one.seen.sent || !atClients.has(keyOf(one)));
}

function namesOf({ lab, ...plan }: Plan, place: string): Pick<ShownBy, 'name' | 'trunk'> {
  const [address = ''] = place.split(':');
  const node = lab.nodes.find(({ interfaces }) =>
    interfaces.some((iface) => iface.address === address || iface.extraAddresses.includes(address)),
  )?.name;
  if (node === undefined) return { name: place, trunk: null };
  const trunk = lab.trunks.find((one) => trunkNodes({ lab, ...plan }, one).includes(node))?.name ?? null;
  return { name: trunk === null ? node : `${node} (${trunk})`, trunk };
}
