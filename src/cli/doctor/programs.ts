import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeadairError } from '../../base/errors.js';
import { packageFolder } from '../../base/package.js';
import { openEngine } from '../../lab/docker/engine.js';
import { versionOf } from '../../lab/versions.js';
import { fine, limited, missing, type Check } from './check.js';

/** By job, the programs or files below /usr/lib that it needs and the Debian package of each; what set-up installs. */
type Needed = Record<'lab' | 'test' | 'conformance', Record<string, string>>;

export async function checkPrograms(): Promise<Check[]> {
  const text = await readFile(join(packageFolder(), 'src', 'programs.json'), 'utf8');
  const { lab } = JSON.parse(text) as Needed;
  return await Promise.all(
    Object.entries(lab).map(async ([program, debianPackage]) => {
      const version = program.includes('/') ? await libraryFile(program) : await versionOf(program);
      return version === null
        ? missing(
            program,
            'not found',
            `Run: apt-get install ${debianPackage}   (npm run setup installs all)`,
          )
        : fine(program, version);
    }),
  );
}

/** Path of a file such as kamailio/modules/tls.so, which has no version of its own; null if it's nowhere below /usr/lib. */
async function libraryFile(name: string): Promise<string | null> {
  const folders = ['.', ...(await readdir('/usr/lib'))].map((folder) => join('/usr/lib', folder, name));
  return folders.find((path) => existsSync(path)) ?? null;
}

export async function checkJava(): Promise<Check> {
  const version = await versionOf('java');
  return version === null
    ? limited('java', 'not found', 'Only Allure reports need it: apt-get install default-jre-headless')
    : fine('java', version);
}

/** Whether an engine answers; only the runtime docker needs one. */
export async function checkDocker(): Promise<Check> {
  try {
    const { version, socketPath } = await openEngine(process.env);
    return fine('Docker', `engine ${version} at ${socketPath}`);
  } catch (error) {
    const { message, fix = '' } = error as DeadairError;
    return limited('Docker', message, `Only --runtime docker needs one. ${fix}`);
  }
}
