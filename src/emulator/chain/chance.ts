import type { Chance } from '../../plan/impairment.js';
import type { RandomStream } from '../random.js';

/**
 * Draws whether something happens to a packet. With correlation a draw depends on the one before as netem's get_crandom
 * has it: x_n = (1 − c)·u_n + c·x_(n−1). Such draws crowd around ½, so that a share below ½ comes true more rarely than
 * asked for: that's netem's meaning too (`expectedShare` tells how much more rarely).
 */
export class ChanceDraws {
  private last: number;

  constructor(private readonly stream: RandomStream) {
    this.last = stream.next();
  }

  happens({ share, correlation }: Chance): boolean {
    const fresh = this.stream.next();
    if (correlation > 0) this.last = (1 - correlation) * fresh + correlation * this.last;
    return (correlation > 0 ? this.last : fresh) < share;
  }
}
