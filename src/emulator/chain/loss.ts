import type { Loss } from '../../plan/impairment.js';
import type { RandomStream } from '../random.js';
import { ChanceDraws } from './chance.js';

const GOOD = 1;
const GOOD_IN_BURST = 2;
const LOST_IN_BURST = 3;
const ISOLATED_LOSS = 4;
/** Gilbert–Elliott's bad state. */
const BAD = 2;

/**
 * Draws which packets are lost. The chains are netem's (loss_gilb_ell and loss_4state; Salsano, Ludovici, Ordine,
 * Giannuzzi, "Definition of a general and intuitive loss model for packet networks", 2012): Gilbert–Elliott moves
 * first and loses by the state it comes from; the 4-state model's moves into 3 and 4 are the losses.
 * A change of the model's figures leaves the state as it is.
 */
export class LossDraws {
  private readonly chance: ChanceDraws;
  private kind: Loss['kind'] | null = null;
  private state = GOOD;
  private place = 0;

  /** @param moves for the state and for all else, `losses` for whether a state of Gilbert–Elliott's loses */
  constructor(
    private readonly moves: RandomStream,
    private readonly losses: RandomStream,
  ) {
    this.chance = new ChanceDraws(moves);
  }

  loses(loss: Loss): boolean {
    if (loss.kind !== this.kind) {
      this.kind = loss.kind;
      this.state = GOOD;
      this.place = 0;
    }
    switch (loss.kind) {
      case 'random':
        return this.chance.happens(loss);
      case 'gilbert-elliott':
        return this.gilbertElliott(loss);
      case 'four-state':
        return this.fourState(loss);
      case 'pattern':
        return loss.lose[this.place++ % loss.lose.length]!;
    }
  }

  private gilbertElliott({ p, r, h, k }: Extract<Loss, { kind: 'gilbert-elliott' }>): boolean {
    const move = this.moves.next();
    const lossShare = this.state === BAD ? 1 - h : 1 - k;
    if (this.state === BAD) this.state = move < r ? GOOD : BAD;
    else if (move < p) this.state = BAD;
    return this.losses.next() < lossShare;
  }

  private fourState({ p13, p31, p32, p23, p14 }: Extract<Loss, { kind: 'four-state' }>): boolean {
    const move = this.moves.next();
    switch (this.state) {
      case GOOD_IN_BURST:
        this.state = move < p23 ? LOST_IN_BURST : GOOD_IN_BURST;
        break;
      case LOST_IN_BURST:
        this.state = move < p32 ? GOOD_IN_BURST : move < p32 + p31 ? GOOD : LOST_IN_BURST;
        break;
      case ISOLATED_LOSS:
        this.state = GOOD;
        break;
      default:
        this.state = move < p14 ? ISOLATED_LOSS : move < p14 + p13 ? LOST_IN_BURST : GOOD;
    }
    return this.state === LOST_IN_BURST || this.state === ISOLATED_LOSS;
  }
}
