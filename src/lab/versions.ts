import { execa } from 'execa';
import type { Plan } from '../plan/types.js';
import type { StartedLab } from './lab.js';
import type { StartedNode } from './runtime.js';

/** Programs that tell their version by another option than --version. */
const VERSION_OPTIONS: Readonly<Record<string, string>> = {
  kamailio: '-v',
  sipp: '-v',
  unbound: '-V',
  nsd: '-v',
  ip: '-V',
  ping: '-V',
  openssl: 'version',
};
/** What every lab uses of the host. */
const INSTRUMENTS = ['tcpdump', 'ip'];

/** Versions of programs, each asked for once for all labs of a run: asking costs a process while others' calls are up. */
export class ProgramVersions {
  private readonly asked = new Map<string, Promise<string | null>>();

  /** First line that names a version, by program, as it is where it runs; programs that don't tell one are left out. */
  async of(plan: Plan, lab: Pick<StartedLab, 'node'>): Promise<Record<string, string>> {
    const { nodes } = plan.lab;
    const [caller] = nodes.filter(({ role }) => role === 'phone');
    // Of several nodes that run a program, the last tells its version; an image's own program tells none.
    const programs = new Map([
      ...(caller ? [['sipp', caller] as const] : []),
      ...nodes.flatMap((node) =>
        node.programs.flatMap(({ command: [program] }) =>
          program === undefined ? [] : [[program, node] as const],
        ),
      ),
    ]);
    const versions = await Promise.all([
      ...INSTRUMENTS.map(
        async (program) => [program, await this.once(program, () => versionOf(program))] as const,
      ),
      ...[...programs].map(async ([program, { name, image }]) => {
        const where = JSON.stringify([program, plan.runtime, image]);
        return [program, await this.once(where, () => versionInside(lab.node(name), program))] as const;
      }),
    ]);
    const told = versions.filter((entry): entry is [string, string] => entry[1] !== null);
    return Object.fromEntries(told.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private once(key: string, ask: () => Promise<string | null>): Promise<string | null> {
    const asked = this.asked.get(key) ?? ask();
    this.asked.set(key, asked);
    return asked;
  }
}

/** Some tell it on standard error, and some end with an error though they told it. */
async function versionInside(node: Pick<StartedNode, 'run'>, program: string): Promise<string | null> {
  const whatever = ['sh', '-c', '"$@" 2>&1 || :', 'sh', ...versionCommand(program)];
  return versionIn(await node.run(whatever).catch(() => ''));
}

/** The first line in which a program of the host tells its version; null if it is missing or tells none. */
export async function versionOf(program: string): Promise<string | null> {
  const [file, option] = versionCommand(program);
  const { all = '' } = await execa(file, [option], { all: true, reject: false, timeout: 5000 });
  return versionIn(all);
}

const versionCommand = (program: string): [string, string] => [
  program,
  VERSION_OPTIONS[program] ?? '--version',
];

/** The first line with something like 5.6 or, as ping has it, a date. */
const versionIn = (text: string) =>
  text
    .split('\n')
    .find((line) => /\d+\.\d+|\b20\d{6}\b/.test(line))
    ?.trim() ?? null;
