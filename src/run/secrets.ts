import { DeadairError, ExitCode } from '../base/errors.js';
import { Masks } from '../base/masks.js';
import type { Plan } from '../plan/types.js';

/** Shorter ones would be found, and masked, in what has nothing to do with them. */
const LEAST_LENGTH = 6;

/**
 * Masks for all secrets that the plans' nodes take from the environment.
 * @throws SECRET_MISSING, SECRET_SHORT (exit 64)
 */
export function masksFor(plans: readonly Plan[], environment: NodeJS.ProcessEnv): Masks {
  const wanted = plans.flatMap(({ lab }) =>
    lab.nodes.flatMap(({ name, secrets }) => secrets.map((secret) => ({ node: name, secret }))),
  );
  return new Masks(wanted.map(({ node, secret }) => valueOf(node, secret, environment)));
}

function valueOf(node: string, secret: string, environment: NodeJS.ProcessEnv): string {
  const value = environment[secret];
  if (!value)
    throw new DeadairError(
      'SECRET_MISSING',
      `${node} takes ${secret} from the environment, which doesn't have it.`,
      {
        exitCode: ExitCode.badInput,
        fix: `Set it: export ${secret}=…`,
      },
    );
  if (value.length < LEAST_LENGTH)
    throw new DeadairError(
      'SECRET_SHORT',
      `the secret ${secret} of ${node} has ${value.length} characters.`,
      {
        exitCode: ExitCode.badInput,
        fix: `Take one of at least ${LEAST_LENGTH}: a shorter one can't be told from other text, and so not be masked.`,
      },
    );
  return value;
}
