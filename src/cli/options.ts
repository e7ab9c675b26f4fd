import { InvalidArgumentError, Option } from 'commander';
import { randomInt } from 'node:crypto';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from '../base/package.js';
import type { EmulatorAsked } from '../plan/choose-emulator.js';

const MAX_SEED = 2 ** 32 - 1;

/** A whole number from `least` up, or commander's error. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(
        `It takes a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''}.`,
      );
    return value;
  };

export const seedOption = () =>
  new Option('--seed <N>', 'seed of everything that is drawn').argParser(wholeNumber(0, MAX_SEED));

export const drawSeed = () => randomInt(MAX_SEED + 1);

export const tagOption = () =>
  new Option('--tag <TAG>', 'only scenarios with this tag (repeatable)').argParser(
    (tag: string, before: string[] | undefined) => [...(before ?? []), tag],
  );

/** `auto`: see chooseEmulator. */
export const emulatorOption = () =>
  new Option('--emulator <NAME>', 'what impairs links: wire (userspace), netem (kernel) or auto')
    .choices(['auto', 'netem', 'wire'] satisfies EmulatorAsked[])
    .default('auto' satisfies EmulatorAsked);

/** What a command works on without a PATH: the scenarios that come with deadair. */
export const scenarioPaths = (paths: string[]): string[] =>
  paths.length > 0 ? paths : [join(packageFolder(), 'scenarios')];

/** Labs at the same time unless told otherwise: they mostly wait, and each needs about an eighth of a core. */
export const defaultJobs = () => cpus().length * 4;
