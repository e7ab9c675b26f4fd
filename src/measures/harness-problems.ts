import type { Plan } from '../plan/types.js';
import type { JournalEntry, JournalEvent } from '../runfolder/journal.js';
import { JOURNAL, problem, type Problem } from './problems.js';

/** Own limits: beyond them what was measured is the machine, not the system under test. */
const MAX_HOST_LATE_MS = 200;
const MAX_SEND_LATE_MS = 250;

type Entry<E extends JournalEvent['event']> = Extract<JournalEntry, { event: E }>;

function entriesOf<E extends JournalEvent['event']>(journal: readonly JournalEntry[], event: E): Entry<E>[] {
  return journal.filter((entry): entry is Entry<E> => entry.event === event);
}

/** What broke of the harness itself: all else that is missing then follows from it. */
export const brokenHarness = (journal: readonly JournalEntry[]): Problem[] => [
  ...entriesOf(journal, 'harness-failed').map(({ code, message, atMs }) =>
    problem(code, message, JOURNAL, atMs),
  ),
  ...entriesOf(journal, 'program-ended')
    .filter(({ owner }) => owner === 'harness')
    .map(({ node, program, atMs, ...end }) =>
      problem(
        'HARNESS_PROGRAM_ENDED',
        `${program} of the harness ended on ${node} before its time, ${howItEnded(end)}.`,
        JOURNAL,
        atMs,
      ),
    ),
];

/** `with exit code 1`, `by signal SIGSEGV` */
export const howItEnded = ({
  exitCode,
  signal,
}: Pick<Entry<'program-ended'>, 'exitCode' | 'signal'>): string =>
  signal !== null ? `by signal ${signal}` : `with exit code ${exitCode ?? 'unknown'}`;

/** A machine, an emulator or a sender that could not keep up, as they told themselves. */
export function loadProblems(plan: Plan, journal: readonly JournalEntry[]): Problem[] {
  return [...starved(plan, journal), ...lateMedia(journal)];
}

function starved(plan: Plan, journal: readonly JournalEntry[]): Problem[] {
  const fromMs = entriesOf(journal, 'traffic-started')[0]?.atMs ?? 0;
  const toMs = entriesOf(journal, 'traffic-ended').at(-1)?.atMs ?? plan.trafficMs;
  const late = entriesOf(journal, 'host-late')
    .map(({ atMs, lateMs, dueMs }) => ({ lateMs, dueMs: dueMs ?? atMs - lateMs }))
    .filter(({ dueMs, lateMs }) => lateMs > MAX_HOST_LATE_MS && dueMs + lateMs >= fromMs && dueMs <= toMs)
    .sort((a, b) => b.lateMs - a.lateMs);
  const [worst] = late;
  if (!worst) return [];
  const times = late.length === 1 ? 'once' : `${late.length} times`;
  const summary = `The machine let the lab wait ${times} during traffic, for up to ${Math.round(worst.lateMs)} ms.`;
  return [problem('HOST_STARVED', summary, JOURNAL, worst.dueMs)];
}

function lateMedia(journal: readonly JournalEntry[]): Problem[] {
  return entriesOf(journal, 'media-pacing')
    .filter(({ maxMs }) => maxMs > MAX_SEND_LATE_MS)
    .map(({ maxMs, atMs }) => {
      const summary = `A packet of the lab's own media was sent ${Math.round(maxMs)} ms late.`;
      return problem('LOAD_GENERATOR_STALLED', summary, JOURNAL, atMs);
    });
}
