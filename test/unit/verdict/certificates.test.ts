import assert from 'node:assert/strict';
import type { LogLine, TlsHandshake } from '../../../src/evidence/types.js';
import { judge } from '../../../src/verdict/judge.js';
import { callsBy, emptyEvidence, journal, measuresOf, planOf } from '../../fixtures/measures.js';
import { cut } from '../../fixtures/plans.js';

const DAY_MS = 86_400_000;
const SERVER = '198.18.0.9';

interface HandshakeFields {
  /** From when to when the certificate is valid. */
  days?: [number, number];
  isForServer?: boolean | null;
  hosts?: string[];
  by?: 'client' | 'server';
}

/** The n-th handshake with the firewall in front of carrier b, as the SBC saw it. */
function handshake(
  n: number,
  code: number | null,
  { days = [-30, 300], isForServer = null, hosts = ['b.test'], by = 'client' }: HandshakeFields = {},
): TlsHandshake {
  const seen = {
    file: 'captures/sbc.firewall.pcap',
    node: 'sbc',
    interface: 'firewall',
    frame: n,
    atMs: n * 1000,
    sent: true,
  };
  const [from, to] = days;
  return {
    seen,
    client: { address: '198.18.0.8', port: 40_000 + n },
    server: { address: SERVER, port: 5061 },
    serverName: isForServer === null ? null : 'b.test',
    certificate: { seen, hosts, issuer: 'ca', fromMs: from * DAY_MS, toMs: to * DAY_MS, isForServer },
    alert: code === null ? null : { seen, by, code },
    established: code === null,
  };
}

const line = (text: string): LogLine => ({ file: 'logs/sbc.proxy.log', node: 'sbc', number: 7, text });

function found(tls: TlsHandshake[], log: LogLine[] = []) {
  // During the cut of a, calls go there and fail.
  const calls = callsBy(60, (n) => ({ answered: n < 20, ...(n >= 20 && { firstProvisionalAt: null }) }));
  const of = planOf(calls, { faults: [cut(1, 10_000, null)] });
  const firewall = of.lab.nodes.find(({ name }) => name === 'firewall');
  for (const iface of firewall?.interfaces ?? []) iface.address = SERVER;
  const result = judge(of, journal(of), { ...emptyEvidence(of), tls, log }, measuresOf(of, calls));
  return result.diagnoses.filter(({ code }) => /^CERT|ADVANCE/.test(code));
}

const codes = (...args: Parameters<typeof found>) => found(...args).map(({ code }) => code);

describe('diagnoses of certificates', () => {
  it('none where handshakes go through, or end for another reason', () => {
    assert.deepEqual(codes([]), ['NO_ADVANCE_ON_FAILURE']);
    assert.deepEqual(codes([handshake(1, null)]), ['NO_ADVANCE_ON_FAILURE']);
    assert.deepEqual(codes([handshake(1, 40)]), ['NO_ADVANCE_ON_FAILURE'], 'handshake failure');
    assert.deepEqual(
      codes([handshake(1, 45, { by: 'server' })]),
      ['NO_ADVANCE_ON_FAILURE'],
      "the client's own certificate",
    );
    assert.deepEqual(
      codes([{ ...handshake(1, 45), certificate: null }]),
      ['NO_ADVANCE_ON_FAILURE'],
      'not seen',
    );
  });

  it('CERT_EXPIRED: it was out of its time, and that is why; the trunk behind it is not held to be alive', () => {
    const [first, ...more] = found([
      handshake(1, 45, { days: [-300, -21] }),
      handshake(2, 45, { days: [-300, -21] }),
    ]);
    assert.deepEqual([first?.code, more], ['CERT_EXPIRED', []]);
    assert.match(
      first?.summary ?? '',
      /^The certificate of firewall \(b\), for b\.test, ran out 21 days before: 2 handshakes/,
    );
    assert.deepEqual(first?.evidence.map(({ file, frame, note }) => [file, frame, note]).slice(0, 2), [
      ['captures/sbc.firewall.pcap', 1, 'certificate for b.test, signed by ca'],
      ['captures/sbc.firewall.pcap', 1, 'alert 45: certificate expired'],
    ]);
    assert.match(
      found([handshake(1, 42, { days: [1, 300] })])[0]?.summary ?? '',
      /is not valid until 1 day later/,
    );
    assert.deepEqual(
      codes([handshake(1, null, { days: [-300, -21] })]),
      ['NO_ADVANCE_ON_FAILURE'],
      'nobody minded',
    );
  });

  it('CERT_UNTRUSTED: nobody knows who signed it', () => {
    assert.deepEqual(codes([handshake(1, 48)]), ['CERT_UNTRUSTED']);
    assert.match(
      found([handshake(1, 48)])[0]?.summary ?? '',
      /is signed by ca, which the other side doesn't trust/,
    );
    assert.deepEqual(codes([handshake(1, 48, { days: [-300, -21] })]), ['CERT_EXPIRED']);
  });

  it('CERT_NAME_MISMATCH: by the handshake, or by the log where the capture agrees', () => {
    const other = { hosts: ['platform.test'] };
    assert.deepEqual(codes([handshake(1, 42, { ...other, isForServer: false })]), ['CERT_NAME_MISMATCH']);
    assert.deepEqual(codes([handshake(1, null, { ...other, isForServer: false })]), [
      'NO_ADVANCE_ON_FAILURE',
    ]);
    const says = (host: string) =>
      line(`ERROR: certificate of ${SERVER}:5061 is for ${host}, not for b.test: answer refused`);
    const [first, ...more] = found(
      [handshake(1, null, other)],
      [says('platform.test'), says('platform.test')],
    );
    assert.deepEqual([first?.code, more], ['CERT_NAME_MISMATCH', []]);
    assert.match(
      first?.summary ?? '',
      /was called as b\.test and showed a certificate for platform\.test: its answers were refused 2 times/,
    );
    assert.match(first?.evidence.at(-1)?.note ?? '', /^line 7: ERROR/);
    assert.deepEqual(
      codes([handshake(1, null)], [says('platform.test')]).includes('CERT_NAME_MISMATCH'),
      false,
    );
    const elsewhere = line(
      'ERROR: certificate of 198.18.0.77:5061 is for platform.test, not for b.test: refused',
    );
    assert.deepEqual(
      codes([handshake(1, null, other)], [elsewhere]),
      ['NO_ADVANCE_ON_FAILURE'],
      'of another server',
    );
  });

  it('tells a connection that was captured at both ends once', () => {
    const one = handshake(1, 48);
    const far = { ...one, seen: { ...one.seen, node: 'firewall', sent: false } };
    assert.match(found([one, far])[0]?.summary ?? '', /: 1 handshake of TLS/);
  });
});
