import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One place that the machine's apt takes binary packages from. */
export interface AptSource {
  uri: string;
  suite: string;
  components: string[];
  /** Path of the keyring that it must be signed with, or null: apt's own. */
  signedBy: string | null;
}

/** The machine's apt sources, of both formats. Files that can't be read are as good as none. */
export async function aptSources(folder = '/etc/apt'): Promise<AptSource[]> {
  const parts = join(folder, 'sources.list.d');
  const names = (await readdir(parts).catch(() => [])).sort();
  const files = [join(folder, 'sources.list'), ...names.map((name) => join(parts, name))];
  const read = files.map(async (file) => {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (file.endsWith('.sources')) return deb822Sources(text);
    return file.endsWith('.list') ? classicSources(text) : [];
  });
  return (await Promise.all(read)).flat();
}

/** `deb [signed-by=/usr/share/keyrings/x.gpg] http://mirror/debian bookworm main`, see sources.list(5). */
export function classicSources(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (!found) return [];
    const [, options = '', uri = '', suite = '', components = ''] = found;
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
    return [{ uri, suite, components: words(components), signedBy: keyring(signedBy) }];
  });
}

/** Stanzas of `Types: deb`, `URIs: …`, `Suites: …`; see sources.list(5). */
export function deb822Sources(text: string): AptSource[] {
  const stanzas = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .split(/\n\s*\n/);
  return stanzas.flatMap((stanza) => {
    const fields = new Map(
      [...stanza.matchAll(/^([\w-]+):((?:.*)(?:\n[ \t].*)*)/gm)].map(([, key = '', value = '']) => [
        key.toLowerCase(),
        value.trim(),
      ]),
    );
    const field = (key: string) => words(fields.get(key) ?? '');
    if (
      !field('types').includes('deb') ||
      /^(no|false|without|off|disable)$/i.test(fields.get('enabled') ?? '')
    )
      return [];
    const signedBy = keyring(fields.get('signed-by'));
    return field('uris').flatMap((uri) =>
      field('suites').map((suite) => ({ uri, suite, components: field('components'), signedBy })),
    );
  });
}

const words = (text: string) => text.split(/\s+/).filter(Boolean);

/** Keys may stand in the source itself; those are in apt's keyring for us. */
const keyring = (signedBy: string | undefined) => (signedBy?.startsWith('/') ? signedBy : null);
