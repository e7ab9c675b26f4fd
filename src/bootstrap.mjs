// Sets a fresh clone up and runs a job: `start` (the tour), `test`, `bench`, or `setup` alone. No dependencies: it runs
// before anything is installed. Each step is skipped when there is nothing to do.
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  rmSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MINIMUM_NODE = [20, 19];

/** Programs that a job needs, and the Debian package that has each. */
const NEEDED = JSON.parse(readFileSync(join(ROOT, 'src', 'programs.json'), 'utf8'));
const TEST_PROGRAMS = { ...NEEDED.lab, ...NEEDED.test };
const PROGRAMS = {
  setup: NEEDED.lab,
  start: NEEDED.lab,
  bench: { ...NEEDED.lab, tshark: NEEDED.test.tshark },
  test: TEST_PROGRAMS,
  // netem is held to its contract inside User-Mode Linux where the kernel has none.
  conformance: { ...TEST_PROGRAMS, ...NEEDED.conformance },
};

const [job = 'setup', ...args] = process.argv.slice(2);
if (!(job in PROGRAMS)) fail(`there is no job "${job}"; there are ${Object.keys(PROGRAMS).join(', ')}.`);
checkNode();
installPackages();
installPrograms(PROGRAMS[job]);
build();
process.exitCode = runJob();

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  fail(`Node ${process.versions.node} is too old. Install Node ${MINIMUM_NODE.join('.')} or newer.`);
}

/** npm ci, if node_modules isn't what the lockfile says. */
function installPackages() {
  const marker = join(ROOT, 'node_modules', '.deadair-lockfile');
  const lockfile = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lockfile) return;
  say('installing the npm packages of package-lock.json (npm ci)');
  run('npm', ['ci', '--no-audit', '--no-fund'], 'npm ci');
  writeFileSync(marker, lockfile);
}

/** apt-get install of what is missing; says what first. */
function installPrograms(programs) {
  const missing = Object.keys(programs).filter((program) => !isOnPath(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => programs[program]))];
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const why = `missing: ${missing.join(', ')}.`;
  if (!isOnPath('apt-get'))
    fail(
      `${why} This isn't Debian or Ubuntu: install them by your own package manager, then run this again.`,
    );
  if (process.getuid() !== 0) fail(`${why} Run as root:  sudo sh -c '${command}'`);
  say(`${why} Installing the Debian packages: ${packages.join(' ')}`);
  withoutServices(() => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-q'], command, env);
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], command, env);
  });
}

/** The packages bring daemons that would start on the host; the lab starts its own, in its namespaces. */
function withoutServices(install) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return install();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(policy, { force: true });
  }
}

/** tsc, if a source is newer than the last build. */
function build() {
  const info = join(ROOT, 'dist', 'tsconfig.tsbuildinfo');
  const sources = ['src', 'test', 'tsconfig.json', 'package-lock.json'].map((name) => join(ROOT, name));
  if (existsSync(info) && Math.max(...sources.map(newest)) <= statSync(info).mtimeMs) return;
  say('building');
  // The marker of the last build goes first: a build that fails must not count as one.
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  run(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'], 'npx tsc -b');
}

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function runJob() {
  const cli = join(ROOT, 'dist', 'src', 'cli', 'main.js');
  if (job === 'start') {
    requireRoot('the lab');
    return node([cli, 'run', join(ROOT, 'scenarios'), '--tag', 'tour', '--defects', 'also', ...args]);
  }
  if (job === 'test') {
    requireRoot('the tests of the lab');
    return node([join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js'), ...args]);
  }
  if (job === 'conformance') {
    requireRoot('the conformance of the emulators');
    const suite = join(ROOT, 'dist', 'test', 'conformance');
    const flags = [
      '--no-config',
      '--require',
      join(ROOT, 'dist', 'test', 'session.js'),
      '--recursive',
      '--extension',
      '.test.js',
      '--timeout',
      '60000',
      suite,
    ];
    return node([join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js'), ...flags, ...args]);
  }
  if (job === 'bench') {
    requireRoot('the benchmarks');
    return node([join(ROOT, 'dist', 'test', 'bench', 'main.js'), ...args]);
  }
  return 0;
}

function requireRoot(what) {
  if (process.getuid() !== 0)
    fail(
      `${what} makes network namespaces and so needs root. Run:  sudo npm ${['bench', 'conformance'].includes(job) ? `run ${job}` : job}`,
    );
}

function node(argv) {
  return spawnSync(process.execPath, argv, { stdio: 'inherit', cwd: process.cwd() }).status ?? 1;
}

function run(command, argv, shown, env = process.env) {
  const { status, error } = spawnSync(command, argv, {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: ROOT,
    env,
  });
  if (status !== 0)
    fail(`this failed${error ? ` (${error.message})` : ''}, run it yourself to see more:  ${shown}`);
}

function isOnPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function say(text) {
  console.error(`deadair setup: ${text}`);
}

function fail(text) {
  console.error(`deadair setup: ${text}`);
  process.exit(3);
}
