import type { Impairment } from '../../plan/impairment.js';
import { type RandomStream, randomStream } from '../random.js';
import { ChanceDraws } from './chance.js';
import { DelayDraws } from './delay.js';
import { LossDraws } from './loss.js';
import { ReorderDraws } from './reorder.js';

/** What chance has decided about one packet. Filled again for each. */
export interface Draw {
  lost: boolean;
  duplicated: boolean;
  corrupted: boolean;
  atOnce: boolean;
  delayMs: number;
  copyDelayMs: number;
}

/**
 * All that is random about an impairment. Each kind draws from a stream of its own, once a packet, whatever becomes of
 * the packet: so what one kind decides about the n-th packet doesn't depend on the others being there.
 */
export class Draws {
  readonly corruptBits: RandomStream;
  private readonly loss: LossDraws;
  private readonly duplicate: ChanceDraws;
  private readonly corrupt: ChanceDraws;
  private readonly reorder: ReorderDraws;
  private readonly delay: DelayDraws;
  private readonly copyDelay: DelayDraws;

  /** @param key all that the decisions follow from, but the traffic */
  constructor(key: string) {
    const stream = (kind: string) => randomStream(`${key}/${kind}`);
    this.loss = new LossDraws(stream('loss'), stream('loss-in-state'));
    this.duplicate = new ChanceDraws(stream('duplicate'));
    this.corrupt = new ChanceDraws(stream('corrupt'));
    this.corruptBits = stream('corrupt-bits');
    this.reorder = new ReorderDraws(stream('reorder'));
    this.delay = new DelayDraws(stream('delay'));
    this.copyDelay = new DelayDraws(stream('copy-delay'));
  }

  /** Draws for the next packet. */
  next({ loss, duplicate, corrupt, reorder, delay }: Impairment, draw: Draw): void {
    draw.lost = loss !== null && this.loss.loses(loss);
    draw.duplicated = duplicate !== null && this.duplicate.happens(duplicate);
    draw.corrupted = corrupt !== null && this.corrupt.happens(corrupt);
    draw.atOnce = reorder !== null && this.reorder.goesAtOnce(reorder);
    draw.delayMs = delay === null ? 0 : this.delay.next(delay);
    draw.copyDelayMs = delay === null || duplicate === null ? 0 : this.copyDelay.next(delay);
  }
}
