import type { LinkCounters, LinkSpec, LinkState } from './contract.js';

/** What the worker is started with. */
export interface WireWorkerData {
  seed: number;
  /** Event descriptor that is signalled after each message posted to the worker. */
  wakeFd: number;
}

export type WireRequest =
  | { kind: 'connect'; link: LinkSpec }
  | { kind: 'set'; link: string; state: LinkState }
  | { kind: 'counters'; link: string }
  /** A batch of decisions is written: its memory may be used again. */
  | { kind: 'written'; link: string; memory: ArrayBuffer }
  | { kind: 'stop' };

/** Main thread → worker. */
export interface WireOrder {
  id: number;
  request: WireRequest;
}

/** Worker → main thread. */
export type WireReport =
  /** The answer to an order. */
  | { kind: 'done'; id: number; counters: LinkCounters | null }
  | { kind: 'refused'; id: number; message: string }
  /** Descriptors of interfaces made: the main thread closes them should the worker die without doing so. */
  | { kind: 'opened'; fds: number[] }
  | { kind: 'closed' }
  /** Decisions about a link's frames, to be written to its log; the memory must be given back. */
  | { kind: 'decided'; link: string; batch: Uint8Array<ArrayBuffer> }
  /** Somebody else took an interface away. */
  | { kind: 'interface-gone'; link: string; interface: string };
