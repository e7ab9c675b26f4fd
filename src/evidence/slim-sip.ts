import type { SipMessage } from './types.js';

/**
 * Headers that may tell which other call a call is of, over a B2BUA: RFC 7989, RFC 7315, and what B2BUAs add. Names in lower
 * case and long form.
 */
const CORRELATING =
  /^(session-id|p-charging-vector|x-.+|call-id-.+|p-call-.+|replaces|in-reply-to|thread-info|cisco-guid)$/;

/** A SIP message of whose headers only an INVITE that opens a call keeps those that may tell which other call it is of. */
export function slimSip(message: SipMessage): SipMessage {
  const { method, status, to, headers } = message;
  const isOpening = method === 'INVITE' && status === null && to.tag === null;
  return { ...message, headers: isOpening ? headers.filter(([name]) => CORRELATING.test(name)) : [] };
}
