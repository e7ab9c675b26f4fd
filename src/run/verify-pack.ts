import { promisify } from 'node:util';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { PACK } from '../runfolder/layout.js';
import { sha256 } from './evidence-pack.js';

/** What became of an evidence pack since it was written: names of its files. */
export interface PackCheck {
  intact: string[];
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
    let list: string | null = null;
    for await (const entry of entriesOf(zip)) {
      const stream = await openStream(zip, entry);
      if (entry.fileName === PACK.sums) list = await textOf(stream);
      else if (!entry.fileName.endsWith('/')) found.set(entry.fileName, await sha256(stream));
    }
    if (list === null) throw new Error(`it has no ${PACK.sums}`);
    return compare(parse(list), found);
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

function parse(list: string): Map<string, string> {
  const lines = list.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line): [string, string] => {
      const [, sum, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
      if (sum === undefined || name === undefined)
        throw new Error(`its ${PACK.sums} is not a list of checksums`);
      return [name, sum];
    }),
  );
}

function compare(listed: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): PackCheck {
  const names = [...listed.keys()];
  const isSignature = (name: string) => name === PACK.signatures || name.startsWith(`${PACK.sums}.`);
  return {
    intact: names.filter((name) => found.get(name) === listed.get(name)),
    changed: names.filter((name) => found.has(name) && found.get(name) !== listed.get(name)),
    missing: names.filter((name) => !found.has(name)),
    added: [...found.keys()].filter((name) => !listed.has(name) && !isSignature(name)),
  };
}
