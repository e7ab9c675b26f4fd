import { execa } from 'execa';
import type { Plan } from '../plan/types.js';
import type { StartedLab } from './lab.js';

/** Programs that tell their version by another option than --version. */
const VERSION_OPTIONS: Readonly<Record<string, string>> = { kamailio: '-v', sipp: '-v', ip: '-V' };
/** What every lab uses of the host. */
const INSTRUMENTS = ['tcpdump', 'ip'];

/** First line that names a version, by program, as it's where it runs; programs that don't tell one are left out. */
export async function softwareVersions(plan: Plan, lab: Pick<StartedLab, 'node'>): Promise<Record<string, string>> {
  const { nodes } = plan.lab;
  const callers = nodes.filter(({ role }) => role === 'phone').slice(0, 1);
  const programs = [
    ...callers.map(({ name }) => ({ node: name, program: 'sipp' })),
    ...nodes.flatMap(({ name, programs }) => programs.map(({ command }) => ({ node: name, program: command[0] }))),
  ];
  const asked = new Map(programs.map(({ node, program }) => [program, node]));
  const versions = await Promise.all([
    ...INSTRUMENTS.map(async (program) => {
      const argv = versionCommand(program);
      const { all = '' } = await execa(argv[0], argv.slice(1), { all: true, reject: false, timeout: 5000 });
      return [program, versionIn(all)] as const;
    }),
    ...[...asked].map(async ([program, node]) => {
      if (program === undefined) return ['', undefined] as const;
      // Some tell it on standard error, and some end with an error though they told it.
      const whatever = ['sh', '-c', '"$@" 2>&1 || :', 'sh', ...versionCommand(program)];
      const text = await lab.node(node).run(whatever).catch(() => '');
      return [program, versionIn(text)] as const;
    }),
  ]);
  const told = versions.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(told.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const versionCommand = (program: string): [string, string] => [program, VERSION_OPTIONS[program] ?? '--version'];

const versionIn = (text: string) => text.split('\n').find((line) => /\d+\.\d+/.test(line))?.trim();
