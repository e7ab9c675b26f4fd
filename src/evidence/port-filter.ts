import type { CapturedFrame } from './captured-frame.js';

const ETHERNET = 1;
/** Ethernet, IPv4 and UDP headers without options. */
const IP = 14;
const UDP = 34;
const HEADERS = 42;
const IPV4_WITHOUT_OPTIONS = 0x45;
const UDP_PROTOCOL = 17;

/**
 * Tells the frames at a glance that are none of some streams': most of a capture with many calls at once. Only of UDP over
 * IPv4 over Ethernet, whole and without options, can it be told so fast.
 */
export class PortFilter {
  private readonly wanted = new Uint8Array(65536);

  add({ src, dst }: { src: { port: number }; dst: { port: number } }): void {
    this.wanted[src.port] = this.wanted[dst.port] = 1;
  }

  /** Whether this frame can't be of a stream that was added. */
  excludes({ bytes, start, end, linkType }: CapturedFrame): boolean {
    if (linkType !== ETHERNET || end - start < HEADERS) return false;
    const ip = start + IP;
    const isPlain =
      bytes[ip - 2] === 0x08 &&
      bytes[ip - 1] === 0x00 &&
      bytes[ip] === IPV4_WITHOUT_OPTIONS &&
      ((bytes[ip + 6]! & 0x3f) | bytes[ip + 7]!) === 0 &&
      bytes[ip + 9] === UDP_PROTOCOL;
    if (!isPlain) return false;
    const udp = start + UDP;
    const { wanted } = this;
    return (
      wanted[(bytes[udp]! << 8) | bytes[udp + 1]!] === 0 ||
      wanted[(bytes[udp + 2]! << 8) | bytes[udp + 3]!] === 0
    );
  }
}
