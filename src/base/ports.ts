/** Where servers listen unless they say otherwise (RFC 3261 §18.1.1, RFC 1035 §4.2). */
export const SIP_PORT = 5060;
export const SIPS_PORT = 5061;
export const DNS_PORT = 53;
