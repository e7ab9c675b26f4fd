import { messageOf } from '../base/errors.js';
import type { ScenarioResult } from '../verdict/types.js';
import { judgeFolder } from './judge-folder.js';

/** What a judging process says, once. */
export type Judged = { result: ScenarioResult } | { error: string };

// Ctrl-C goes to it as well, and the run that was interrupted is still judged; it never outlives its parent.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => process.exit(1));
const [folder = ''] = process.argv.slice(2);
const judged: Judged = await judgeFolder(folder).then(
  (result) => ({ result }),
  (error: unknown) => ({ error: messageOf(error) }),
);
// It stays until its parent has heard that: an end that overtook the words would be taken for a breakdown.
process.send?.(judged);
