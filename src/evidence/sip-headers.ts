/** RFC 3261 §7.3.3 and the registry of SIP header fields. */
const COMPACT_FORMS: ReadonlyMap<string, string> = new Map([
  ['a', 'accept-contact'],
  ['b', 'referred-by'],
  ['c', 'content-type'],
  ['d', 'request-disposition'],
  ['e', 'content-encoding'],
  ['f', 'from'],
  ['i', 'call-id'],
  ['j', 'reject-contact'],
  ['k', 'supported'],
  ['l', 'content-length'],
  ['m', 'contact'],
  ['o', 'event'],
  ['r', 'refer-to'],
  ['s', 'subject'],
  ['t', 'to'],
  ['u', 'allow-events'],
  ['v', 'via'],
  ['x', 'session-expires'],
  ['y', 'identity'],
]);

export type Headers = [name: string, value: string][];

/** Header lines (without the start line) in order, unfolded, names in lower case and long form. */
export function parseHeaders(lines: string[]): Headers {
  const headers: Headers = [];
  for (const line of lines) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last) {
      last[1] = `${last[1]} ${line.trim()}`.trim();
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.push([COMPACT_FORMS.get(name) ?? name, line.slice(colon + 1).trim()]);
  }
  return headers;
}

/** The first header of this name. */
export function header(headers: Headers, name: string): string | undefined {
  return headers.find(([known]) => known === name)?.[1];
}

/** The first element of a header that may be a list in one line; commas in quotes and brackets don't count. */
export function firstOfList(value: string): string {
  let closing = '';
  for (let at = 0; at < value.length; at++) {
    const character = value[at]!;
    if (closing) {
      if (character === '\\') at++;
      else if (character === closing) closing = '';
    } else if (character === ',') return value.slice(0, at).trim();
    else if (character === '"') closing = '"';
    else if (character === '<') closing = '>';
  }
  return value.trim();
}
