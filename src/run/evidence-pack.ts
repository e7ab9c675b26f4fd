import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { readResult } from '../report/json.js';
import { runMarkdown } from '../report/markdown.js';
import { PACK } from '../runfolder/layout.js';
import type { RunResult } from '../verdict/types.js';

/** What Allure made of the run can be made again, and is larger than the rest. */
const LEFT_OUT = ['allure-report'];

/**
 * Packs a run for the archive, in one zip that is written whole or not at all: every file of its folder but an older pack of the
 * same name, a summary, the SHA-256 of each, and a page to sign. Gives how many files are in it.
 * @throws RESULT_MISSING, RESULT_UNREADABLE, RESULT_TOO_NEW, PACK_UNWRITABLE (exit 64)
 */
export async function packEvidence(runFolder: string, file: string): Promise<number> {
  const folder = resolve(runFolder);
  const run = await readResult(folder);
  const names = (await filesOf(folder)).filter((name) => join(folder, name) !== resolve(file));
  const temporary = `${file}.${process.pid}.tmp`;
  const out = await open(temporary, 'w').catch((cause: unknown) => unwritable(file, cause));
  try {
    const zip = new yazl.ZipFile();
    const [sums] = await Promise.all([
      fill(zip, folder, names, run),
      pipeline(zip.outputStream, out.createWriteStream()),
    ]);
    await rename(temporary, file).catch((cause: unknown) => unwritable(file, cause));
    return sums;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function unwritable(file: string, cause: unknown): never {
  throw new DeadairError('PACK_UNWRITABLE', `${file} can't be written: ${messageOf(cause)}.`, {
    exitCode: ExitCode.badInput,
    fix: 'Name a file in a folder that is there and that you may write to.',
    cause,
  });
}

/** Gives how many files its list of checksums has. */
async function fill(
  zip: yazl.ZipFile,
  folder: string,
  names: readonly string[],
  run: RunResult,
): Promise<number> {
  const sums: string[] = [];
  for (const name of names) {
    sums.push(sumLine(await sha256(createReadStream(join(folder, name))), name));
    zip.addFile(join(folder, name), name);
  }
  const add = (name: string, text: string) => zip.addBuffer(Buffer.from(text), name);
  const summary = runMarkdown(run, basename(folder));
  add(PACK.summary, summary);
  sums.push(sumLine(createHash('sha256').update(summary).digest('hex'), PACK.summary));
  add(PACK.sums, sums.join(''));
  add(PACK.signatures, signaturePage(basename(folder), run.startedAt));
  zip.end();
  return sums.length;
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !LEFT_OUT.some((left) => name.startsWith(`${left}/`)))
    .sort();
}

/** As sha256sum writes and checks it. */
const sumLine = (sum: string, name: string): string => `${sum}  ${name}\n`;

export async function sha256(stream: NodeJS.ReadableStream): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(stream, hash);
  return hash.digest('hex');
}

const signaturePage = (name: string, startedAt: string): string =>
  `# Signatures

Run ${name} of ${startedAt}. Whoever signs has seen the summary (${PACK.summary}) and the report (report.html), and signs
for the files that ${PACK.sums} lists. This page is not among them, so that it can be filled in. A signature of a key goes beside
it: gpg --armor --detach-sign ${PACK.sums}

| role | name | date | signature |
|---|---|---|---|
| led the rehearsal | | | |
| operates the service | | | |
| owns the risk | | | |
`;
