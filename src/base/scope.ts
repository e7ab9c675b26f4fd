import { DeadairError, ExitCode, messageOf } from './errors.js';
import { withLimit } from './limit.js';

type Release = () => void | Promise<void>;

/** Longest time that one teardown step, such as a whole lab, may take on a busy machine before it is given up and reported. */
const RELEASE_LIMIT_MS = 20_000;

/**
 * A stack of teardown steps, run last in, first out. A step is registered before what it tears down is
 * started, so that a start that fails half-way is taken down too. Closing twice is harmless. Every step has a
 * deadline of its own; one that fails doesn't keep the others from running.
 */
export class Scope implements AsyncDisposable {
  private readonly releases: { name: string; release: Release }[] = [];
  private closing: Promise<void> | undefined;

  /** Registers a teardown step; `name` says what is released, for the error when that fails. */
  defer(name: string, release: Release): void {
    if (this.closing) throw new Error(`scope is closing, cannot defer "${name}"`);
    this.releases.push({ name, release });
  }

  /** Hands a started resource to this scope, which will dispose of it: at once, if it's closing already. */
  use<T extends AsyncDisposable>(name: string, resource: T): T {
    if (this.closing) void (resource[Symbol.asyncDispose]() as Promise<void>).catch(() => undefined);
    this.defer(name, () => resource[Symbol.asyncDispose]() as Promise<void>);
    return resource;
  }

  close(): Promise<void> {
    this.closing ??= this.releaseAll();
    return this.closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async releaseAll(): Promise<void> {
    const failures: string[] = [];
    for (const { name, release } of this.releases.reverse()) {
      try {
        await withLimit('release', RELEASE_LIMIT_MS, Promise.resolve(release()));
      } catch (error) {
        failures.push(`${name}: ${messageOf(error)}`);
      }
    }
    if (failures.length > 0)
      throw new DeadairError('TEARDOWN_FAILED', `could not tear down ${failures.join('; ')}`, {
        exitCode: ExitCode.labFailed,
        fix: 'What is left ends with this process.',
      });
  }
}
