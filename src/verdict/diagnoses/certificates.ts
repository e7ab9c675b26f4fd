import { count } from '../../base/count.js';
import { cite } from '../../evidence/cite.js';
import type { EvidenceRef, LogLine, TlsHandshake } from '../../evidence/types.js';
import { CITED } from '../../evidence/cite.js';
import type { Case, RankedDiagnosis } from './case.js';
import { ALERTS, isOutdated, isRefused, shownBy, type Shown, type ShownBy } from './certificates-shown.js';

const UNKNOWN_CA = 48;
const DAY_MS = 86_400_000;

/** Before all that follows from it: a trunk whose certificate is refused carries no call. */
const RANK = 6;

/** Certificates that a peer refused, and why; one finding for each server that showed them. */
export const diagnoseCertificates = (subject: Case): RankedDiagnosis[] =>
  shownBy(subject).flatMap((server) => {
    const refused = server.handshakes.filter(isRefused);
    const inTime = refused.filter((one) => !isOutdated(one));
    return [
      ...expired(server, refused.filter(isOutdated), subject.log),
      ...notTrusted(
        server,
        inTime.filter(({ alert }) => alert?.code === UNKNOWN_CA),
        subject.log,
      ),
      ...otherHost(server),
    ];
  });

function expired({ name }: ShownBy, refused: readonly Shown[], log: readonly LogLine[]): RankedDiagnosis[] {
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
      evidence: citeRefusals(refused, log),
    },
  ];
}

function notTrusted(
  { name }: ShownBy,
  refused: readonly Shown[],
  log: readonly LogLine[],
): RankedDiagnosis[] {
  const [first] = refused;
  if (!first) return [];
  const { hosts, issuer } = first.certificate;
  return [
    {
      code: 'CERT_UNTRUSTED',
      rank: RANK,
      summary: `The certificate of ${name}, for ${hosts.join(', ')}, is signed by ${issuer}, which the other side doesn't trust: ${refusals(refused)}.`,
      advice: `Compare the issuer of the certificate that ${name} shows with the list of authorities that its peer trusts, and find out who changed which.`,
      evidence: citeRefusals(refused, log),
    },
  ];
}

/**
 * The name was checked by who opened the connection: in the handshake, or after it, in which case the log of that node says
 * so. The capture must agree that the certificate has another name.
 */
function otherHost({ name, handshakes, refusedAs }: ShownBy): RankedDiagnosis[] {
  const wrong = handshakes.filter(
    (one) =>
      !isOutdated(one) &&
      ((one.certificate.isForServer === false && isRefused(one) && one.alert?.code !== UNKNOWN_CA) ||
        refusedAs.some(({ wanted }) => !one.certificate.hosts.includes(wanted))),
  );
  const [first] = wrong;
  if (!first) return [];
  const wanted = first.serverName ?? refusedAs[0]?.wanted ?? 'another host';
  const times =
    refusedAs.length > 0 ? `its answers were refused ${count(refusedAs.length, 'time')}` : refusals(wrong);
  return [
    {
      code: 'CERT_NAME_MISMATCH',
      rank: RANK,
      summary: `${name} was called as ${wanted} and showed a certificate for ${first.certificate.hosts.join(', ')}: ${times}.`,
      advice: `Ask the operator of ${name} for a certificate with ${wanted} in its alternative names, or call it by the name that it shows.`,
      evidence: [
        ...wrong.slice(0, CITED).map(citeCertificate),
        ...refusedAs.slice(0, CITED).map(({ line }) => citeLine(line)),
      ],
    },
  ];
}

function refusals(refused: readonly TlsHandshake[]): string {
  const alerts = [...new Set(refused.map(({ alert }) => ALERTS[alert?.code ?? 0]))].join(', ');
  return `${count(refused.length, 'handshake')} of TLS ended with the alert "${alerts}"`;
}

function citeRefusals(refused: readonly Shown[], log: readonly LogLine[]): EvidenceRef[] {
  const node = refused[0]?.seen.node;
  const said = log.filter((line) => line.node === node && /certificate verify failed/i.test(line.text));
  return [
    ...refused.slice(0, CITED).flatMap((one) => [citeCertificate(one), ...citeAlert(one)]),
    ...said.slice(0, 1).map(citeLine),
  ];
}

const citeCertificate = ({ certificate }: Shown): EvidenceRef =>
  cite(certificate, `certificate for ${certificate.hosts.join(', ')}, signed by ${certificate.issuer}`);

const citeAlert = ({ alert }: TlsHandshake): EvidenceRef[] =>
  alert ? [cite(alert, `alert ${alert.code}: ${ALERTS[alert.code] ?? 'unknown'}`)] : [];

const citeLine = ({ file, number, text }: LogLine): EvidenceRef => ({
  file,
  note: `line ${number}: ${text}`,
});
