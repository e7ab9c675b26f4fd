import { messageOf } from '../base/errors.js';
import { problemAt, type Problem } from './problems.js';

/** Runs parts of the judging so that one that throws takes nothing down with it, and collects what they threw. */
export class Guard {
  readonly problems: Problem[] = [];

  /** `otherwise` stands for what could not be worked out; the problem MEASURE_FAILED makes the run invalid. */
  run<T>(what: string, work: () => T, otherwise: T): T {
    try {
      return work();
    } catch (error) {
      this.failed(what, error);
      return otherwise;
    }
  }

  failed(what: string, error: unknown): void {
    const summary = `${what} could not be worked out: ${messageOf(error)}`;
    this.problems.push(problemAt('MEASURE_FAILED', summary, []));
  }
}
