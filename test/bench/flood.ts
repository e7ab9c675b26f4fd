import { monotonicMs } from '../../src/base/linux/clock.js';
import { PollSet } from '../../src/base/linux/poll-set.js';
import { runAheadOfOthers, sharpenTimers } from '../../src/base/linux/thread.js';
import { NamespaceUdpSocket } from '../../src/base/linux/udp-socket.js';

const BURST = 8;

/**
 * `flood.js NETNS FROM TO:PORT PER_S COUNT BYTES`: sends datagrams at a steady rate as well as the machine lets it, and prints
 * how many it sent and how long that took, ms.
 */
const [netns = '', from = '', to = '', perS = '', count = '', bytes = ''] = process.argv.slice(2);
const [address = '', port = ''] = to.split(':');
sharpenTimers();
runAheadOfOthers();
using socket = NamespaceUdpSocket.open(netns, from, 0);
const data = Buffer.alloc(Number(bytes));
const idle = new PollSet();
const total = Number(count);
const gapMs = 1000 / Number(perS);
const startMs = monotonicMs();
let refused = 0;
for (let sent = 0; sent < total;) {
  const waitMs = startMs + sent * gapMs - monotonicMs();
  if (waitMs > 0) {
    idle.wait(waitMs);
    continue;
  }
  for (let burst = 0; burst < BURST && sent < total; burst++, sent++)
    if (!socket.send(data, address, Number(port))) refused++;
}
process.stdout.write(JSON.stringify({ sent: total - refused, tookMs: monotonicMs() - startMs }));
