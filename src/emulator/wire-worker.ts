import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { messageOf } from '../base/errors.js';
import { runAheadOfOthers, sharpenTimers } from '../base/linux/thread.js';
import { monotonicMs } from '../base/linux/clock.js';
import type { LinkCounters, LinkSpec } from './contract.js';
import { DecisionRecorder } from './decision-recorder.js';
import { WireLoop } from './wire-loop.js';
import type { WireOrder, WireReport, WireRequest, WireWorkerData } from './wire-protocol.js';

type Report = (message: WireReport, transfer?: ArrayBuffer[]) => void;

/**
 * Worker thread of the wire emulator. It never returns to its event loop while it carries frames: orders are taken
 * from the port within the frame loop, when the wake descriptor says that there are some.
 */
function main(port: NonNullable<typeof parentPort>, { seed, wakeFd }: WireWorkerData): void {
  sharpenTimers();
  runAheadOfOthers(); // else frames would queue for the processor behind the programs that sent them
  const report: Report = (message, transfer) => port.postMessage(message, transfer);
  const loop = new WireLoop(seed, wakeFd, ({ link, from }) =>
    report({ kind: 'interface-gone', link: link.name, interface: from.interface }),
  );
  try {
    loop.run(() => takeOrders(port, loop, report));
  } finally {
    loop.close();
    report({ kind: 'closed' });
  }
}

/** Executes all orders that wait; false after a stop. */
function takeOrders(port: NonNullable<typeof parentPort>, loop: WireLoop, report: Report): boolean {
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
  report: Report,
): LinkCounters | null {
  switch (request.kind) {
    case 'connect':
      report({ kind: 'opened', fds: loop.connect(request.link, recorderFor(request.link, report)) });
      return null;
    case 'set':
      loop.set(request.link, request.state);
      return null;
    case 'written':
      loop.link(request.link).recorder?.giveBack(request.memory);
      return null;
    case 'counters':
      return loop.link(request.link).counters();
  }
}

function recorderFor({ name, log }: LinkSpec, report: Report): DecisionRecorder | null {
  if (log === undefined) return null;
  return new DecisionRecorder(
    (batch) => report({ kind: 'decided', link: name, batch }, [batch.buffer]),
    monotonicMs() - performance.now(),
  );
}

if (parentPort) main(parentPort, workerData as WireWorkerData);
