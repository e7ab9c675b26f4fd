import type { Case, RankedDiagnosis } from '../case.js';
import { cachedDeadRecord } from './cached-dead-record.js';
import { negativeCache } from './negative-cache.js';
import { noSrvAdvance } from './no-srv-advance.js';
import { sharedResolver } from './shared-resolver.js';

/** Calls that were lost because of what the DNS said, or because of what became of that on the way. */
export const diagnoseNames = (subject: Case): RankedDiagnosis[] => [
  ...sharedResolver(subject),
  ...negativeCache(subject),
  ...cachedDeadRecord(subject),
  ...noSrvAdvance(subject),
];
