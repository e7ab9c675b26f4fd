import { execa } from 'execa';
import { mkdir, writeFile } from 'node:fs/promises';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import type { PlannedCertificate } from '../plan/planned-lab.js';
import type { PlannedNode } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';
import { scenarioFiles } from '../runfolder/layout.js';
import { ISSUE_CERTIFICATES } from './certificate-script.js';
import { nodeFolders, type StartedNode } from './runtime.js';

const ISSUE_LIMIT_MS = 30_000;
const DAY_MS = 86_400_000;

/** What was made for one run, as PEM, by name. */
export interface Issued {
  /** Of authorities and hosts. */
  certificates: ReadonlyMap<string, string>;
  /** Of hosts. They are in memory only, here and in the node that has them. */
  keys: ReadonlyMap<string, string>;
}

/**
 * Makes the authorities and certificates of a plan, and puts the certificates, which are no secret, into the configs of the
 * nodes that have or trust them. Keys stay in memory.
 * @throws CERTIFICATE_NOT_MADE (exit 3), with the certificate that it was and what openssl said
 */
export async function issueCertificates(plan: Plan, scenarioFolder: string): Promise<Issued> {
  const issued = await issue(plan);
  const { config } = scenarioFiles(scenarioFolder);
  for (const { name: node, identity } of plan.lab.nodes) {
    await mkdir(config(node, '.'), { recursive: true });
    for (const name of [...(identity?.certificates ?? []), ...(identity?.trusts ?? [])])
      await writeFile(config(node, `${name}.crt`), issued.certificates.get(name) ?? '');
  }
  return issued;
}

/** Gives a node that has just come up the keys of its certificates. They go with its power. */
export async function handKeys(
  { identity }: PlannedNode,
  node: StartedNode,
  { keys }: Issued,
): Promise<void> {
  const folder = nodeFolders.certificates;
  for (const name of identity?.certificates ?? [])
    await node.run(
      ['sh', '-c', 'umask 077 && mkdir -p "$1" && cat >"$1/$2.key"', 'sh', folder, name],
      keys.get(name) ?? '',
    );
}

async function issue({ lab }: Plan): Promise<Issued> {
  const { authorities = [], certificates = [] } = lab.identities ?? {};
  if (authorities.length + certificates.length === 0) return { certificates: new Map(), keys: new Map() };
  const orders = [...authorities.map((name) => `authority ${name}`), ...certificates.map(orderOf)];
  const argv = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--propagation', 'private', '--'];
  const { stdout, stderr, failed, shortMessage } = await execa(
    'setpriv',
    [...argv, 'sh', '-c', ISSUE_CERTIFICATES],
    {
      input: orders.join('\n') + '\n',
      timeout: ISSUE_LIMIT_MS,
      reject: false,
    },
  ).catch((error: unknown) => ({ stdout: '', stderr: messageOf(error), failed: true, shortMessage: '' }));
  const parts = stdout.split(/^== /m).slice(1);
  if (failed) {
    const [, name = 'the first of them'] = (parts.at(-1)?.split('\n')[0] ?? '').split(' ');
    const said = stderr.trim() || shortMessage || 'nothing';
    throw new DeadairError(
      'CERTIFICATE_NOT_MADE',
      `lab ${lab.name}: the certificate ${name} could not be made. openssl said: ${said}`,
      { exitCode: ExitCode.labFailed, fix: 'Run: apt-get install openssl   (npm run setup installs all)' },
    );
  }
  const of = (kind: string) =>
    new Map(
      parts.flatMap((part): [string, string][] => {
        const [head = '', ...pem] = part.split('\n');
        const [isOf, name = ''] = head.split(' ');
        return isOf === kind ? [[name, pem.join('\n')]] : [];
      }),
    );
  return { certificates: of('certificate'), keys: of('key') };
}

function orderOf({ name, host, issuer, days }: PlannedCertificate): string {
  const nowMs = Date.now();
  const at = (day: number) =>
    new Date(nowMs + day * DAY_MS).toISOString().replace(/[-:T]/g, '').slice(0, 14) + 'Z';
  return ['certificate', name, host, issuer, at(days.from), at(days.to)].join(' ');
}
