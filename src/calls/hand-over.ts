import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import type { StartedNode } from '../lab/runtime.js';
import { sipRequest } from '../lab/sip-request.js';

/**
 * Tells what places calls on a node (lab/sipp/caller.xml.hbs) that it shall place one that waits there. It is told on the
 * node's own loopback, where nothing is captured: how networks agree on it is none of the lab's.
 */
export function tellToPlace(node: StartedNode, address: string, port: number, sipCallId: string): void {
  using socket = NamespaceUdpSocket.open(node.netnsPath, address, 0);
  const request = sipRequest({
    method: 'MESSAGE',
    uri: `sip:${address}:${port}`,
    local: `${address}:${socket.port}`,
    via: `branch=z9hG4bK-hand-over-${sipCallId}`,
    user: 'exchange',
    fromTag: 'exchange',
    to: `<sip:${address}:${port}>`,
    callId: sipCallId,
  });
  socket.send(request, address, port);
}
