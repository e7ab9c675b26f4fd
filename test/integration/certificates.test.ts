import { execa } from 'execa';
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import type { DeadairError } from '../../src/base/errors.js';
import { handKeys, issueCertificates } from '../../src/lab/certificates.js';
import { netnsRuntime } from '../../src/lab/netns.js';
import type { PlannedCertificate } from '../../src/plan/planned-lab.js';
import type { Plan } from '../../src/plan/types.js';
import { plan } from '../fixtures/plans.js';

const DAY_MS = 86_400_000;
const certificate = (name: string, given: Partial<PlannedCertificate> = {}): PlannedCertificate => ({
  ...{ name, host: 'b.test', issuer: 'ca', days: { from: -30, to: 335 } },
  ...given,
});

/** The lab of two carriers, whose firewall has these certificates and whose SBC trusts the authority `ca`. */
function planWith(certificates: PlannedCertificate[]): Plan {
  const of = plan();
  const nodes = of.lab.nodes.map((node) => ({
    ...node,
    identity: {
      certificates: node.name === 'firewall' ? certificates.map(({ name }) => name) : [],
      trusts: node.name === 'sbc' ? ['ca'] : [],
    },
  }));
  return { ...of, lab: { ...of.lab, nodes, identities: { authorities: ['ca', 'new-ca'], certificates } } };
}

describe('certificates for a run', () => {
  let folder = '';
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'deadair-certificates-'))));
  after(() => rm(folder, { recursive: true }));

  it('are refused by openssl for what is wrong with them, and for nothing else', async () => {
    const issued = await issueCertificates(
      planWith([
        certificate('good'),
        certificate('expired', { days: { from: -386, to: -21 } }),
        certificate('not-yet', { days: { from: 1, to: 366 } }),
        certificate('other', { host: 'platform.test' }),
        certificate('new', { issuer: 'new-ca' }),
      ]),
      folder,
    );
    const ca = join(folder, 'configs', 'sbc', 'ca.crt');
    const verdicts: Record<string, string> = {};
    for (const [name, key] of issued.keys) {
      const pem = issued.certificates.get(name) ?? '';
      assert.ok(new X509Certificate(pem).checkPrivateKey(createPrivateKey(key)), `${name} and its key`);
      verdicts[name] = await verdictOf({ cert: pem, key }, ca);
    }
    assert.deepEqual(verdicts, {
      good: '0 (ok)',
      expired: '10 (certificate has expired)',
      'not-yet': '9 (certificate is not yet valid)',
      other: '62 (hostname mismatch)',
      new: '21 (unable to verify the first certificate)',
    });
    const { validTo } = new X509Certificate(issued.certificates.get('expired') ?? '');
    assert.ok(Math.abs(Date.parse(validTo) - (Date.now() - 21 * DAY_MS)) < 60_000);
  });

  it('have their keys in the memory of their node, gone with its power, and nowhere in the run folder', async () => {
    const of = planWith([certificate('edge')]);
    const issued = await issueCertificates(of, folder);
    const planned = of.lab.nodes.find(({ name }) => name === 'firewall');
    assert.ok(planned);
    await using node = await netnsRuntime.startNode({ ...planned, interfaces: [] }, folder);
    await handKeys(planned, node, issued);
    const read = () => node.run(['cat', '/run/certificates/edge.key']);
    assert.equal((await read()).trim(), issued.keys.get('edge')?.trim());
    assert.match(await node.run(['stat', '-c', '%a %u', '/run/certificates/edge.key']), /^600 0$/);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) {
        const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
        assert.ok(!text.includes('PRIVATE KEY'), entry.name);
      }
    await node.powerOff();
    await node.powerOn();
    await assert.rejects(read(), { code: 'NODE_COMMAND_FAILED' });
  });

  it('that can not be made say which, and why', async () => {
    await assert.rejects(
      issueCertificates(planWith([certificate('good'), certificate('odd', { host: '' })]), folder),
      (error: DeadairError) => {
        assert.deepEqual([error.code, error.exitCode], ['CERTIFICATE_NOT_MADE', 3]);
        assert.match(
          error.message,
          /^lab dual-carrier: the certificate odd could not be made\. openssl said: \S/,
        );
        return true;
      },
    );
  });
});

/** What `openssl s_client` says of a server that shows this certificate, when it asks for b.test. */
async function verdictOf(shown: { cert: string; key: string }, caFile: string): Promise<string> {
  const server = createServer(shown, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  try {
    const asked = ['-connect', `127.0.0.1:${port}`, '-servername', 'b.test', '-verify_hostname', 'b.test'];
    const { stdout } = await execa('openssl', ['s_client', ...asked, '-CAfile', caFile, '-tls1_2'], {
      ...{ input: '', reject: false, timeout: 10_000 },
    });
    return (/^ *Verify return code: (.+)$/m.exec(stdout)?.[1] ?? stdout).toLowerCase();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
