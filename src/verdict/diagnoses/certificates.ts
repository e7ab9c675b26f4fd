import type { EvidenceRef, LogLine, TlsCertificate, TlsHandshake } from '../../evidence/types.js';
import { trunkNodes } from '../../measures/path.js';
import type { Plan } from '../../plan/types.js';
import { count } from '../words.js';
import type { Case, RankedDiagnosis } from './case.js';

/** Alerts by which a side refuses the other's certificate (RFC 5246 §7.2.2). */
const ALERTS: Readonly<Record<number, string>> = {
  42: 'bad certificate',
  43: 'unsupported certificate',
  44: 'certificate revoked',
  45: 'certificate expired',
  46: 'certificate unknown',
  48: 'unknown CA',
};
const UNKNOWN_CA = 48;
const DAY_MS = 86_400_000;
const CITED = 3;

/** Before all that follows from it: a trunk whose certificate is refused carries no call. */
const RANK = 6;

type Shown = TlsHandshake & { certificate: TlsCertificate };

/** Certificates that a peer refused, and why; one finding for each server that showed them. */
export function diagnoseCertificates({ plan, tls, log }: Case): RankedDiagnosis[] {
  const servers = new Map<string, Shown[]>();
  for (const handshake of atTheClient(tls).filter(isShown)) {
    const { address, port } = handshake.server;
    servers.set(`${address}:${port}`, [...(servers.get(`${address}:${port}`) ?? []), handshake]);
  }
  return [...servers].flatMap(([place, shown]) => {
    const where = { place, name: nameOf(plan, shown[0]?.server.address ?? '') };
    const refused = shown.filter(isRefused);
    const outdated = refused.filter((one) => isOutdated(one));
    const untrusted = refused.filter((one) => one.alert?.code === UNKNOWN_CA && !isOutdated(one));
    return [
      ...expired(where, outdated, log),
      ...notTrusted(where, untrusted, log),
      ...otherHost(where, shown, log),
    ];
  });
}

interface Where {
  /** Address and port that answered. */
  place: string;
  /** In words: the node, and the trunk behind it. */
  name: string;
}

function expired({ name }: Where, refused: readonly Shown[], log: readonly LogLine[]): RankedDiagnosis[] {
  const [first] = refused;
  if (!first) return [];
  const { hosts, toMs, fromMs } = first.certificate;
  const days = (ms: number) => count(Math.max(1, Math.round(ms / DAY_MS)), 'day');
  const when =
    toMs < first.seen.atMs
      ? `ran out ${days(first.seen.atMs - toMs)} before`
      : `is not valid until ${days(fromMs - first.seen.atMs)} later`;
  return [
    {
      code: 'CERT_EXPIRED',
      rank: RANK,
      summary: `The certificate of ${name}, for ${hosts.join(', ')}, ${when}: ${refusals(refused)}.`,
      advice: `Have the certificate of ${name} renewed, and watch the end of every certificate as one watches trunks: above all those of backups.`,
      evidence: cite(refused, log),
    },
  ];
}

function notTrusted({ name }: Where, refused: readonly Shown[], log: readonly LogLine[]): RankedDiagnosis[] {
  const [first] = refused;
  if (!first) return [];
  const { hosts, issuer } = first.certificate;
  return [
    {
      code: 'CERT_UNTRUSTED',
      rank: RANK,
      summary: `The certificate of ${name}, for ${hosts.join(', ')}, is signed by ${issuer}, which the other side doesn't trust: ${refusals(refused)}.`,
      advice: `Compare the issuer of the certificate that ${name} shows with the list of authorities that its peer trusts, and find out who changed which.`,
      evidence: cite(refused, log),
    },
  ];
}

/** `certificate of ADDRESS:PORT is for HOST, not for HOST`: what a lab's configuration logs when it checks the name. */
const NOT_FOR = /certificate of (\S+) is for (\S+), not for ([^\s:]+)/;

/**
 * The name was checked by who opened the connection: in the handshake, or after it, in which case the log of that node says
 * so. The capture must agree that the certificate has another name.
 */
function otherHost(
  { place, name }: Where,
  shown: readonly Shown[],
  log: readonly LogLine[],
): RankedDiagnosis[] {
  const refusedBy = log.flatMap((line) => {
    const [, at, , wanted = ''] = NOT_FOR.exec(line.text) ?? [];
    return at === place ? [{ line, wanted }] : [];
  });
  const wrong = shown.filter(
    ({ certificate: { isForServer, hosts }, ...handshake }) =>
      (isForServer === false && isRefused(handshake) && handshake.alert?.code !== UNKNOWN_CA) ||
      refusedBy.some(({ wanted }) => !hosts.includes(wanted)),
  );
  const [first] = wrong.filter((one) => !isOutdated(one));
  if (!first) return [];
  const wanted = first.serverName ?? refusedBy[0]?.wanted ?? 'another host';
  const times =
    refusedBy.length > 0 ? `its answers were refused ${count(refusedBy.length, 'time')}` : refusals(wrong);
  return [
    {
      code: 'CERT_NAME_MISMATCH',
      rank: RANK,
      summary: `${name} was called as ${wanted} and showed a certificate for ${first.certificate.hosts.join(', ')}: ${times}.`,
      advice: `Ask the operator of ${name} for a certificate with ${wanted} in its alternative names, or call it by the name that it shows.`,
      evidence: [
        ...wrong.slice(0, CITED).map(citeCertificate),
        ...refusedBy.slice(0, CITED).map(({ line }) => citeLine(line)),
      ],
    },
  ];
}

const isShown = (handshake: TlsHandshake): handshake is Shown => handshake.certificate !== null;

/** The client broke off because of the certificate. */
const isRefused = ({ alert, established }: Pick<TlsHandshake, 'alert' | 'established'>): boolean =>
  !established && alert !== null && alert.by === 'client' && alert.code in ALERTS;

const isOutdated = ({ certificate: { fromMs, toMs }, seen: { atMs } }: Pick<Shown, 'certificate' | 'seen'>) =>
  atMs > toMs || atMs < fromMs;

/** Each connection once: where it was opened, if that was captured. */
function atTheClient(handshakes: readonly TlsHandshake[]): TlsHandshake[] {
  const keyOf = ({ client, server }: TlsHandshake) => JSON.stringify([client, server]);
  const atClients = new Set(handshakes.filter(({ seen }) => seen.sent).map(keyOf));
  return handshakes.filter((one) => one.seen.sent || !atClients.has(keyOf(one)));
}

/** `edge-b (trunk-b)`: the node that has the address, and the trunk to whose carrier it leads. */
function nameOf(plan: Plan, address: string): string {
  const node = plan.lab.nodes.find(({ interfaces }) =>
    interfaces.some((iface) => iface.address === address || iface.extraAddresses.includes(address)),
  )?.name;
  if (node === undefined) return address;
  const trunk = plan.lab.trunks.find((one) => trunkNodes(plan, one).includes(node));
  return trunk ? `${node} (${trunk.name})` : node;
}

function refusals(refused: readonly TlsHandshake[]): string {
  const alerts = [...new Set(refused.map(({ alert }) => ALERTS[alert?.code ?? 0]))].join(', ');
  return `${count(refused.length, 'handshake')} of TLS ended with the alert "${alerts}"`;
}

function cite(refused: readonly Shown[], log: readonly LogLine[]): EvidenceRef[] {
  const node = refused[0]?.seen.node;
  const said = log.filter((line) => line.node === node && /certificate verify failed/i.test(line.text));
  return [
    ...refused.slice(0, CITED).flatMap((one) => [citeCertificate(one), ...citeAlert(one)]),
    ...said.slice(0, 1).map(citeLine),
  ];
}

const citeCertificate = ({ certificate: { seen, hosts, issuer } }: Shown): EvidenceRef => ({
  file: seen.file,
  frame: seen.frame,
  atMs: seen.atMs,
  note: `certificate for ${hosts.join(', ')}, signed by ${issuer}`,
});

const citeAlert = ({ alert }: TlsHandshake): EvidenceRef[] =>
  alert
    ? [
        {
          file: alert.seen.file,
          frame: alert.seen.frame,
          atMs: alert.seen.atMs,
          note: `alert ${alert.code}: ${ALERTS[alert.code] ?? 'unknown'}`,
        },
      ]
    : [];

const citeLine = ({ file, number, text }: LogLine): EvidenceRef => ({
  file,
  note: `line ${number}: ${text}`,
});
