/** Process exit codes, as promised in the docs. */
export const ExitCode = {
  asExpected: 0,
  failed: 1,
  invalid: 2,
  labFailed: 3,
  badInput: 64,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Where in an input file an error stands; line and column count from 1. */
export interface SourcePlace {
  file: string;
  line: number;
  column: number;
}

interface DeadairErrorOptions {
  exitCode: ExitCode;
  /** One sentence: what the user can do about it. */
  fix?: string;
  place?: SourcePlace;
  cause?: unknown;
}

/**
 * An error with a stable code that a user can act on: what happened, where, and how to mend it.
 * The CLI prints it without a stack.
 */
export class DeadairError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly fix: string | undefined;
  readonly place: SourcePlace | undefined;

  constructor(code: string, what: string, options: DeadairErrorOptions) {
    super(what, { cause: options.cause });
    this.name = 'DeadairError';
    this.code = code;
    this.exitCode = options.exitCode;
    this.fix = options.fix;
    this.place = options.place;
  }

  /** `file:line:col: CODE: what. fix` */
  override toString(): string {
    const place = this.place ? `${this.place.file}:${this.place.line}:${this.place.column}: ` : '';
    const fix = this.fix ? ` ${this.fix}` : '';
    return `${place}${this.code}: ${this.message}${fix}`;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
