import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { messageOf } from '../base/errors.js';
import { runAheadOfOthers, sharpenTimers } from '../base/linux/thread.js';
import type { LinkCounters } from './contract.js';
import { WireLoop } from './wire-loop.js';
import type { WireOrder, WireReport, WireRequest, WireWorkerData } from './wire-protocol.js';

/**
 * Worker thread of the wire emulator. It never returns to its event loop while it carries frames: orders are taken
 * from the port within the frame loop, when the wake descriptor says that there are some.
 */
function main(port: NonNullable<typeof parentPort>, { seed, wakeFd }: WireWorkerData): void {
  sharpenTimers();
  runAheadOfOthers(); // else frames would queue for the processor behind the programs that sent them
  const report = (message: WireReport) => port.postMessage(message);
  const loop = new WireLoop(seed, wakeFd, ({ link, from }) =>
    report({ kind: 'interface-gone', link, interface: from.interface }),
  );
  try {
    loop.run(() => takeOrders(port, loop, report));
  } finally {
    loop.close();
    report({ kind: 'closed' });
  }
}

/** Executes all orders that wait; false after a stop. */
function takeOrders(
  port: NonNullable<typeof parentPort>,
  loop: WireLoop,
  report: (message: WireReport) => void,
): boolean {
  let received: { message: WireOrder } | undefined;
  while ((received = receiveMessageOnPort(port) as typeof received)) {
    const { id, request } = received.message;
    if (request.kind === 'stop') return false;
    try {
      report({ kind: 'done', id, counters: execute(loop, request, report) });
    } catch (error) {
      report({ kind: 'refused', id, message: messageOf(error) });
    }
  }
  return true;
}

function execute(
  loop: WireLoop,
  request: Exclude<WireRequest, { kind: 'stop' }>,
  report: (message: WireReport) => void,
): LinkCounters | null {
  switch (request.kind) {
    case 'connect':
      report({ kind: 'opened', fds: loop.connect(request.link) });
      return null;
    case 'set':
      loop.link(request.link).apply(request.state);
      return null;
    case 'counters':
      return loop.link(request.link).counters();
  }
}

if (parentPort) main(parentPort, workerData as WireWorkerData);
