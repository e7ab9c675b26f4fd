import { DeadairError, ExitCode } from '../../base/errors.js';
import { MIRROR_VARIABLE } from './mirror.js';

const TAIL_LINES = 8;
const NEEDS = 'apt-get install mmdebstrap';

/** What a build's log says when something is missing, and what to do about it; the first that fits. */
const FIXES: [pattern: RegExp, fix: string][] = [
  [/mmdebstrap: (not found|No such file)|failed to execute mmdebstrap/i, `Install it: ${NEEDS}.`],
  [
    /No space left on device|not enough free space/i,
    'Free some disk space, or set XDG_CACHE_HOME to a larger disk.',
  ],
  [
    /NO_PUBKEY|is not signed|Missing key|couldn't be verified/i,
    'The archive keys are too old for this suite: apt-get install debian-archive-keyring.',
  ],
  [
    /Unable to locate package|has no installation candidate/i,
    'The recipe names a package that the suite does not have.',
  ],
  [
    /Temporary failure resolving|Could not (resolve|connect)|Failed to fetch|timed out|Connection refused|does not have a Release file/i,
    `The mirror can't be reached: try "apt-get update", or set ${MIRROR_VARIABLE}.`,
  ],
  [
    /unshare failed|Operation not permitted/i,
    'Building needs root with the right to make namespaces: use sudo.',
  ],
];

/** A build that failed, with the last words of its log, of which `log` are the lines. */
export function notBuilt(name: string, what: string, log: readonly string[], logFile: string): DeadairError {
  const tail = log.slice(-TAIL_LINES).join('\n');
  const text = [what, ...log].join('\n');
  const fix = FIXES.find(([pattern]) => pattern.test(text))?.[1];
  const why = tail === '' ? what : `${what}. The last lines of ${logFile}:\n${tail}\n`;
  return new DeadairError('IMAGE_NOT_BUILT', `image ${name}: ${why}`, {
    exitCode: ExitCode.labFailed,
    ...(fix === undefined ? {} : { fix }),
  });
}

export function notRoot(name: string): DeadairError {
  return new DeadairError('IMAGE_NOT_BUILT', `image ${name}: building takes root, and this is not.`, {
    exitCode: ExitCode.labFailed,
    fix: `Run "sudo deadair images build ${name}".`,
  });
}
