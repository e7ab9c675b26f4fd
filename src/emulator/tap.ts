import { constants } from 'node:fs';
import { close, ioctl, open } from '../base/linux/descriptors.js';
import { IFNAMSIZ, interfaceRequest } from '../base/linux/interface-request.js';
import { inNamespace } from '../base/linux/namespace.js';
import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import type { LinkEnd } from './contract.js';

/** linux/if_tun.h and linux/sockios.h */
const TUNSETIFF = 0x400454ca;
const TUNSETCARRIER = 0x400454e2;
const SIOCSIFHWADDR = 0x8924;
const SIOCSIFTXQLEN = 0x8943;
const IFF_TAP = 0x0002;
const IFF_NO_PI = 0x1000;
const ARPHRD_ETHER = 1;
/** Frames that wait to be read: 100 ms of 100,000 a second. The kernel's 500 are lost to the shortest pause. */
const QUEUE_FRAMES = 10_000;

/** A TAP interface in a node's namespace: frames that the node sends are read from `fd`, frames written arrive there. */
export interface Tap {
  fd: number;
  interface: string;
}

/**
 * Makes the interface, down, with its MAC. The descriptor is opened inside the namespace, since a TAP belongs to the
 * namespace where /dev/net/tun was opened; the interface lives as long as the descriptor. Throws SystemCallError.
 */
export function openTap(end: LinkEnd): Tap {
  if (Buffer.byteLength(end.interface) >= IFNAMSIZ)
    throw new Error(`interface name "${end.interface}" is longer than ${IFNAMSIZ - 1} bytes`);
  const request = interfaceRequest(end.interface);
  const fd = inNamespace(end.netnsPath, () => open('/dev/net/tun', constants.O_RDWR | constants.O_NONBLOCK));
  try {
    request.writeUInt16LE(IFF_TAP | IFF_NO_PI, IFNAMSIZ);
    ioctl(fd, TUNSETIFF, request, `make ${end.interface}`);
    request.writeUInt16LE(ARPHRD_ETHER, IFNAMSIZ);
    Buffer.from(end.mac.replaceAll(':', ''), 'hex').copy(request, IFNAMSIZ + 2);
    ioctl(fd, SIOCSIFHWADDR, request, `give ${end.interface} the address ${end.mac}`);
    lengthenQueue(end);
    return { fd, interface: end.interface };
  } catch (error) {
    close(fd);
    throw error;
  }
}

/** A TAP's own descriptor doesn't take this order; any socket of its namespace does. */
function lengthenQueue({ netnsPath, interface: name }: LinkEnd): void {
  const request = interfaceRequest(name);
  request.writeInt32LE(QUEUE_FRAMES, IFNAMSIZ);
  using socket = NamespaceUdpSocket.open(netnsPath, '0.0.0.0', 0);
  ioctl(socket.fd, SIOCSIFTXQLEN, request, `give ${name} a queue of ${QUEUE_FRAMES} frames`);
}

/** Plugs or unplugs the cable, as the node sees it. */
export function setCarrier(tap: Tap, up: boolean): void {
  const value = Buffer.alloc(4);
  value.writeInt32LE(up ? 1 : 0);
  ioctl(tap.fd, TUNSETCARRIER, value, `carrier of ${tap.interface}`);
}

/** Takes the interface away. */
export function closeTap(tap: Tap): void {
  close(tap.fd);
}
