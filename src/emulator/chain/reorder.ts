import type { Reorder } from '../../plan/impairment.js';
import type { RandomStream } from '../random.js';
import { ChanceDraws } from './chance.js';

/** Draws which packets are sent at once. With a gap N, N − 1 packets wait between two that may go, as in netem. */
export class ReorderDraws {
  private readonly chance: ChanceDraws;
  private sinceLast = 0;

  constructor(stream: RandomStream) {
    this.chance = new ChanceDraws(stream);
  }

  goesAtOnce(reorder: Reorder): boolean {
    const chosen = this.chance.happens(reorder) && this.sinceLast >= reorder.gap - 1;
    this.sinceLast = chosen ? 0 : this.sinceLast + 1;
    return chosen;
  }
}
