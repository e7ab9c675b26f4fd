import type { Trace } from './types.js';

/** The text of a trace file: what parseTrace reads. Of an impairment only what is done is written. */
export function formatTrace(trace: Trace): string {
  const { end, source } = trace;
  const header = {
    'deadair-trace': 1,
    end,
    source,
    ...(trace.kind === 'time' ? { lengthMs: trace.lengthMs } : {}),
  };
  const records: object[] =
    trace.kind === 'packet'
      ? trace.delaysMs.map((delayMs) => ({ delayMs }))
      : trace.steps.map(({ atMs, impairment }) => ({ atMs, ...withoutNull(impairment) }));
  return [header, ...records].map((record) => JSON.stringify(record) + '\n').join('');
}

const withoutNull = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
