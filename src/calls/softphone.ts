import Handlebars from 'handlebars';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignatureSource, softphoneKey } from '../audio/signature.js';
import { RATE_HZ } from '../audio/source.js';
import { packageFolder } from '../base/package.js';
import { writeWav } from '../audio/write-wav.js';
import { waitUntil } from '../lab/readiness.js';
import { nodeFolders, type StartedNode, type StartedProgram } from '../lab/runtime.js';
import type { PlannedNode, PlannedRegistration } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';
import { scenarioFiles } from '../runfolder/layout.js';
import { addressOf } from './callees.js';

const MODULES = '/usr/lib/baresip/modules';
const FIRST_LIMIT_MS = 15_000;
/** Longer than any call to it is held. */
const VOICE_MS = 60_000;
const REGISTERED = /\b200 OK\b.*\[\d+ bindings?\]|registered successfully/i;

/**
 * Starts baresip on a node, waits until it is registered, and lets it answer calls. It plays the node's own signature from
 * the file's start in each call, and records into `work/<node>/` what it sent (`…-enc.wav`) and heard (`…-dec.wav`).
 */
export async function startSoftphone(
  plan: Plan,
  node: PlannedNode,
  registration: PlannedRegistration,
  started: StartedNode,
  scenarioFolder: string,
): Promise<StartedProgram> {
  const files = scenarioFiles(scenarioFolder);
  const folder = join(files.config(node.name, 'softphone'));
  await mkdir(folder, { recursive: true });
  const voice = new Int16Array((VOICE_MS * RATE_HZ) / 1000);
  new SignatureSource(softphoneKey(plan.seed, node.name), 0).next(voice);
  await writeWav(join(folder, 'voice.wav'), voice, RATE_HZ);
  const inNode = `${nodeFolders.configs}/softphone`;
  const settings = {
    address: addressOf(node),
    interface: node.interfaces[0]?.name ?? '',
    modules: MODULES,
    folder: nodeFolders.work,
    voice: `${inNode}/voice.wav`,
    extension: registration.extension,
    registrar: registration.registrar.address,
    secret: registration.secret,
    expiresS: registration.expiresS,
  };
  for (const name of ['config', 'accounts']) {
    const template = await readFile(join(packageFolder(), 'lab', 'softphone', `${name}.hbs`), 'utf8');
    await writeFile(
      join(folder, name),
      Handlebars.compile(template, { strict: true, noEscape: true })(settings),
    );
  }
  await writeFile(join(folder, 'contacts'), '');
  const program = await started.start('baresip', ['baresip', '-4', '-f', inNode]);
  await waitUntil(
    `${node.name} is registered as ${registration.extension}`,
    FIRST_LIMIT_MS,
    program,
    async () => REGISTERED.test(await readFile(files.log(node.name, 'baresip'), 'utf8').catch(() => '')),
  );
  return program;
}
