import koffi from 'koffi';
import { ioctl } from './descriptors.js';
import { IFNAMSIZ, IFREQ_BYTES, interfaceRequest } from './interface-request.js';
import { checked, declare } from './libc.js';
import { NamespaceUdpSocket } from './udp-socket.js';

/** linux/sockios.h, linux/ethtool.h and net/if.h */
const SIOCGIFFLAGS = 0x8913;
const SIOCETHTOOL = 0x8946;
const ETHTOOL_GLINK = 0x0000000a;
const IFF_UP = 0x1;

/** struct ifreq, as SIOCETHTOOL wants it: a name, and where the question is. */
const EthtoolRequest = koffi.struct({
  name: koffi.array('char', IFNAMSIZ),
  data: 'void *',
  rest: koffi.array('uint8_t', IFREQ_BYTES - IFNAMSIZ - 8),
});
const libcIoctl = declare<(fd: number, request: number, argument: unknown) => number>(
  'int ioctl(int, ulong, const void *)',
);

/**
 * Whether the cable of an interface is plugged in, as the kernel of its namespace has it: what
 * /sys/class/net/NAME/carrier says. Null if it isn't switched on, which leaves the question without a meaning. It costs
 * no process: a fork of the harness holds all its threads up for milliseconds. Throws SystemCallError (ENODEV, ENOENT).
 */
export function carrierOf(netnsPath: string, interfaceName: string): 0 | 1 | null {
  using socket = NamespaceUdpSocket.open(netnsPath, '0.0.0.0', 0);
  const flags = interfaceRequest(interfaceName);
  ioctl(socket.fd, SIOCGIFFLAGS, flags, interfaceName);
  if ((flags.readUInt16LE(IFNAMSIZ) & IFF_UP) === 0) return null;
  const question = Buffer.alloc(8);
  question.writeUInt32LE(ETHTOOL_GLINK);
  const request = { name: interfaceName, data: question, rest: [] };
  checked(
    libcIoctl(socket.fd, SIOCETHTOOL, koffi.as(request, koffi.pointer(EthtoolRequest))),
    'ioctl',
    interfaceName,
  );
  return question.readUInt32LE(4) === 0 ? 0 : 1;
}
