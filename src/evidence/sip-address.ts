import type { SipMessage } from './types.js';

/**
 * Takes a From, To or Contact value apart (RFC 3261 §20.10), tolerantly: display names quoted or not, with or without
 * angle brackets, sip, sips and tel URIs. A tel URI has a user and no host.
 */
export function parseSipAddress(value: string): SipMessage['from'] {
  // A quoted display name may hold anything, brackets and semicolons too.
  const text = value.replace(/^\s*"(?:[^"\\]|\\.)*"/, '');
  const open = text.indexOf('<');
  const close = open < 0 ? -1 : text.indexOf('>', open);
  const uri = close < 0 ? text.replace(/;.*$/s, '') : text.slice(open + 1, close);
  const parameters = text.slice(close < 0 ? uri.length : close + 1);
  return { ...userAndHost(uri.trim()), tag: parameter(parameters, 'tag') };
}

/** The value of `;name=value` in a list of header parameters; null if it isn't there. */
export function parameter(text: string, name: string): string | null {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*"?([^;,\\s"]+)`, 'i').exec(text);
  return found ? found[1]! : null;
}

function userAndHost(uri: string): { user: string | null; host: string } {
  const rest = uri.replace(/^[a-z][a-z0-9+.-]*:/i, '');
  if (/^tel:/i.test(uri)) return { user: rest.replace(/;.*$/s, ''), host: '' };
  // Parameters come after the @; a user may hold a semicolon, and in the field an unescaped @ too.
  const tail = /[;?]/.exec(rest.slice(Math.max(0, rest.indexOf('@'))));
  const authority = tail ? rest.slice(0, Math.max(0, rest.indexOf('@')) + tail.index) : rest;
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? null : unescaped(authority.slice(0, at).replace(/:.*$/s, ''));
  const host = /^\s*(\[[^\]]*\]|[^:\s]*)/.exec(authority.slice(at + 1))![1]!;
  return { user, host: host.replace(/^\[|\]$/g, '').toLowerCase() };
}

/** A user without its %-escapes (RFC 3261 §19.1.2); as it is where they are none. */
export function unescaped(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}
