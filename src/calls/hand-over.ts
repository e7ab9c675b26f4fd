import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import type { StartedNode } from '../lab/runtime.js';

/**
 * Tells what places calls on a node (lab/sipp/caller.xml.hbs) that it shall place one that waits there. It is told on the
 * node's own loopback, where nothing is captured: how networks agree on it is none of the lab's.
 */
export function tellToPlace(node: StartedNode, address: string, port: number, sipCallId: string): void {
  using socket = NamespaceUdpSocket.open(node.netnsPath, address, 0);
  const local = `${address}:${socket.port}`;
  const lines = [
    `MESSAGE sip:${address}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local};branch=z9hG4bK-hand-over-${sipCallId}`,
    'Max-Forwards: 70',
    `From: <sip:exchange@${local}>;tag=exchange`,
    `To: <sip:${address}:${port}>`,
    `Call-ID: ${sipCallId}`,
    'CSeq: 1 MESSAGE',
    'Content-Length: 0',
  ];
  socket.send(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), address, port);
}
