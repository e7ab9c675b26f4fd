import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { packageFolder } from '../../base/package.js';
import { versionOf } from '../../lab/versions.js';
import { fine, limited, missing, type Check } from './check.js';

/** By job, the programs that it needs and the Debian package of each; what set-up installs. */
type Needed = Record<'lab' | 'test' | 'conformance', Record<string, string>>;

export async function checkPrograms(): Promise<Check[]> {
  const text = await readFile(join(packageFolder(), 'src', 'programs.json'), 'utf8');
  const { lab } = JSON.parse(text) as Needed;
  return await Promise.all(
    Object.entries(lab).map(async ([program, debianPackage]) => {
      const version = await versionOf(program);
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

export async function checkJava(): Promise<Check> {
  const version = await versionOf('java');
  return version === null
    ? limited('java', 'not found', 'Only Allure reports need it: apt-get install default-jre-headless')
    : fine('java', version);
}

const ENGINE = '/var/run/docker.sock';

/** Whether an engine listens here; only the runtime docker needs one. */
export async function checkDocker(): Promise<Check> {
  const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    const socket = connect(ENGINE);
    socket.once('connect', () => (socket.destroy(), resolve(null)));
    socket.once('error', resolve);
  });
  if (error === null) return fine('Docker', `an engine listens on ${ENGINE}`);
  return error.code === 'EACCES'
    ? limited('Docker', `no permission on ${ENGINE}`, 'Run as root, or join the group docker.')
    : limited(
        'Docker',
        `no engine on ${ENGINE}`,
        'Only --runtime docker needs one: apt-get install docker.io',
      );
}
