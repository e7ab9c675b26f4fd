// Sets a fresh clone up and runs a job: `start` (the tour), `test`, `bench`, or `setup` alone. No dependencies: it runs
// before anything is installed. Each step is skipped when there is nothing to do.
import { spawn } from 'node:child_process';
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
import { constants as osConstants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MINIMUM_NODE = [20, 19];

/** Programs that a job needs, or files below /usr/lib by a name with a slash, and the Debian package that has each. */
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

/** Why this ends before its job is done. */
class Stopped extends Error {
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Keeps packages from starting services; the line tells whose it is. */
const POLICY = '/usr/sbin/policy-rc.d';
const POLICY_MARK = '# For as long as deadair sets up, in process';
/** Ctrl-C comes from the terminal, and once more from npm. */
const SAME_PRESS_MS = 500;

const [job = 'setup', ...args] = process.argv.slice(2);
/** What goes on at the moment, and when this process was told to end. */
let child = null;
let toldToEndMs = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => handOn(signal));

try {
  if (!(job in PROGRAMS)) fail(`there is no job "${job}"; there are ${Object.keys(PROGRAMS).join(', ')}.`);
  checkNode();
  removeStalePolicy();
  await installPackages();
  await installPrograms(PROGRAMS[job]);
  await build();
  process.exitCode = await runJob();
} catch (error) {
  if (!(error instanceof Stopped)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  fail(`Node ${process.versions.node} is too old. Install Node ${MINIMUM_NODE.join('.')} or newer.`);
}

/** npm ci, if node_modules isn't what the lockfile says. */
async function installPackages() {
  const marker = join(ROOT, 'node_modules', '.deadair-lockfile');
  const lockfile = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lockfile) return;
  say('installing the npm packages of package-lock.json (npm ci)');
  await run('npm', ['ci', '--no-audit', '--no-fund'], 'npm ci');
  writeFileSync(marker, lockfile);
}

/** apt-get install of what is missing; says what first. */
async function installPrograms(programs) {
  const missing = Object.keys(programs).filter((program) => !isThere(program));
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
  await withoutServices(async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], command, env);
    await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], command, env);
  });
}

/** The packages bring daemons that would start on the host; the lab starts its own, in its namespaces. */
async function withoutServices(install) {
  if (existsSync(POLICY)) return await install();
  writeFileSync(POLICY, `#!/bin/sh\n${POLICY_MARK} ${process.pid}\nexit 101\n`, { mode: 0o755 });
  try {
    await install();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

/** One that a set-up left because it was killed: nothing else would ever let services start again. */
function removeStalePolicy() {
  if (!existsSync(POLICY)) return;
  const [, pid] = new RegExp(`^${POLICY_MARK} (\\d+)$`, 'm').exec(readFileSync(POLICY, 'utf8')) ?? [];
  if (pid === undefined || existsSync(`/proc/${pid}`) || process.getuid() !== 0) return;
  rmSync(POLICY, { force: true });
  say(`removed ${POLICY}, which a set-up that was killed had left`);
}

/** tsc, if a source is newer than the last build. */
async function build() {
  const info = join(ROOT, 'dist', 'tsconfig.tsbuildinfo');
  const sources = ['src', 'test', 'tsconfig.json', 'package-lock.json'].map((name) => join(ROOT, name));
  if (existsSync(info) && Math.max(...sources.map(newest)) <= statSync(info).mtimeMs) return;
  say('building');
  // The marker of the last build goes first: a build that fails must not count as one.
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  await run(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'], 'npx tsc -b');
}

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

async function runJob() {
  const cli = join(ROOT, 'dist', 'src', 'cli', 'main.js');
  if (job === 'start') {
    requireRoot('the lab');
    return await node([
      cli,
      'run',
      join(ROOT, 'scenarios'),
      '--tag',
      'tour',
      '--defects',
      'also',
      '--again',
      '1',
      ...args,
    ]);
  }
  if (job === 'test') {
    requireRoot('the tests of the lab');
    return await node([join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js'), ...args]);
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
    return await node([join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js'), ...flags, ...args]);
  }
  if (job === 'bench') {
    requireRoot('the benchmarks');
    return await node([join(ROOT, 'dist', 'test', 'bench', 'main.js'), ...args]);
  }
  return 0;
}

function requireRoot(what) {
  if (process.getuid() !== 0)
    fail(
      `${what} makes network namespaces and so needs root. Run:  sudo npm ${['bench', 'conformance'].includes(job) ? `run ${job}` : job}`,
    );
}

/** The job ends in good order with this process, whatever ends it. */
async function node(argv) {
  stopIfTold();
  const bound = isOnPath('setpriv') ? ['setpriv', '--pdeathsig', 'TERM'] : [];
  return (await finish([...bound, process.execPath, ...argv], { stdio: 'inherit' })).status;
}

async function run(command, argv, shown, env = process.env) {
  stopIfTold();
  const { status, error } = await finish([command, ...argv], {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: ROOT,
    env,
  });
  stopIfTold();
  if (status !== 0)
    fail(`this failed${error ? ` (${error.message})` : ''}, run it yourself to see more:  ${shown}`);
}

/** Runs a command to its end, in a session of its own: Ctrl-C in a terminal comes to it by this process, and once. */
function finish([command, ...argv], options) {
  return new Promise((resolve) => {
    child = spawn(command, argv, { ...options, detached: true });
    child.once('error', (error) => resolve({ status: 1, error }));
    child.once('exit', (code, signal) => resolve({ status: code ?? 128 + osConstants.signals[signal] }));
  });
}

/** A signal to this process is one to what goes on: that ends in good order, and only then this does. */
function handOn(signal) {
  const nowMs = performance.now();
  if (toldToEndMs !== null && nowMs - toldToEndMs < SAME_PRESS_MS) return;
  toldToEndMs = nowMs;
  child?.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
}

function stopIfTold() {
  if (toldToEndMs !== null) throw new Stopped('interrupted.', 130);
}

function isThere(name) {
  if (!name.includes('/')) return isOnPath(name);
  return ['.', ...readdirSync('/usr/lib')].some((folder) => existsSync(join('/usr/lib', folder, name)));
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
  throw new Stopped(text, 3);
}
