import { promisify } from 'node:util';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { PACK } from '../runfolder/layout.js';
import { sha256 } from './evidence-pack.js';

/** What became of an evidence pack since it was written: names of its files. */
export interface PackCheck {
  intact: string[];
  /** Those that are there, or listed, more than once too. */
  changed: string[];
  missing: string[];
  /** In the pack, and not in its list; signatures are expected and left out. */
  added: string[];
}

/** A list of checksums that is longer than this is none of ours. */
const LONGEST_LIST_BYTES = 64 << 20;

/**
 * Holds every file of an evidence pack against its list of checksums.
 * @throws PACK_UNREADABLE (exit 64) if it is no zip, is damaged, or has no list
 */
export async function verifyPack(file: string): Promise<PackCheck> {
  try {
    const zip = await open(file);
    const found = new Map<string, string>();
    const twice = new Set<string>();
    let list: string | null = null;
    for await (const entry of entriesOf(zip)) {
      const stream = await openStream(zip, entry);
      const name = entry.fileName;
      if (found.has(name) || (name === PACK.sums && list !== null)) twice.add(name);
      if (name === PACK.sums) list = await textOf(stream);
      else if (!name.endsWith('/')) found.set(name, await sha256(stream));
    }
    if (list === null) throw new Error(`it has no ${PACK.sums}`);
    return compare(parse(list, twice), found, twice);
  } catch (cause) {
    throw new DeadairError(
      'PACK_UNREADABLE',
      `${file} is no evidence pack: ${messageOf(cause).replace(/\.+$/, '')}.`,
      {
        exitCode: ExitCode.badInput,
        fix: '"deadair report RUN --pack FILE.zip" writes one.',
        cause,
      },
    );
  }
}

const open = (file: string): Promise<ZipFile> =>
  promisify<string, yauzl.Options, ZipFile>(yauzl.open)(file, { lazyEntries: true, strictFileNames: true });

const openStream = (zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> =>
  new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream))),
  );

/** One after the other, as yauzl reads them. */
async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      zip
        .once('entry', resolve)
        .once('end', () => resolve(null))
        .once('error', reject);
      zip.readEntry();
    });
    zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
    if (entry === null) return;
    yield entry;
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > LONGEST_LIST_BYTES) throw new Error(`its ${PACK.sums} is too long`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Names that stand in it more than once are added to `twice`. */
function parse(list: string, twice: Set<string>): Map<string, string> {
  const lines = list.split('\n').filter((line) => line !== '');
  const sums = new Map<string, string>();
  for (const line of lines) {
    const [, sum, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sum === undefined || name === undefined)
      throw new Error(`its ${PACK.sums} is not a list of checksums`);
    if (sums.has(name)) twice.add(name);
    sums.set(name, sum);
  }
  return sums;
}

/** Of two files with one name an unzipper takes either, so neither is what was packed. */
function compare(
  listed: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
  twice: ReadonlySet<string>,
): PackCheck {
  const names = [...listed.keys()];
  const isSignature = (name: string) => name === PACK.signatures || name.startsWith(`${PACK.sums}.`);
  const isIntact = (name: string) => !twice.has(name) && found.get(name) === listed.get(name);
  return {
    intact: names.filter(isIntact),
    changed: [
      ...names.filter((name) => found.has(name) && !isIntact(name)),
      ...[...twice].filter((name) => !listed.has(name)),
    ],
    missing: names.filter((name) => !found.has(name)),
    added: [...found.keys()].filter((name) => !listed.has(name) && !twice.has(name) && !isSignature(name)),
  };
}
