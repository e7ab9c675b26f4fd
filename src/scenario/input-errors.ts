import { DeadairError, ExitCode } from '../base/errors.js';

/** Everything that is wrong with the input, at once; each error stands at its file:line:col. */
export class InputErrors extends DeadairError {
  /** At least one. */
  readonly errors: DeadairError[];

  constructor(errors: DeadairError[]) {
    super('INPUT_INVALID', errors.map(String).join('\n'), { exitCode: ExitCode.badInput });
    this.name = 'InputErrors';
    this.errors = errors;
  }

  /** One error a line. */
  override toString(): string {
    return this.message;
  }
}
