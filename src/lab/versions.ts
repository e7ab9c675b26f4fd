import { execa } from 'execa';
import type { Plan } from '../plan/types.js';

/** Programs that tell their version by another option than --version. */
const VERSION_OPTIONS: Readonly<Record<string, string>> = { kamailio: '-v', sipp: '-v', ip: '-V' };
/** What every lab uses, besides the programs of its nodes. */
const ALWAYS = ['sipp', 'tcpdump', 'ip'];

/** First line that names a version, by program; programs that don't tell one are left out. */
export async function softwareVersions(plan: Plan): Promise<Record<string, string>> {
  const own = plan.lab.nodes.flatMap((node) => node.programs.map((program) => program.command[0] ?? ''));
  const programs = [...new Set([...ALWAYS, ...own])].sort();
  const versions = await Promise.all(
    programs.map(async (program) => [program, await versionOf(program)] as const),
  );
  return Object.fromEntries(versions.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** The first line in which a program tells its version; null if it is missing or tells none. */
export async function versionOf(program: string): Promise<string | null> {
  const option = VERSION_OPTIONS[program] ?? '--version';
  const { all = '' } = await execa(program, [option], { all: true, reject: false, timeout: 5000 });
  return (
    all
      .split('\n')
      .find((line) => /\d+\.\d+/.test(line))
      ?.trim() ?? null
  );
}
