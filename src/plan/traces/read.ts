import type { z } from 'zod';
import { DeadairError, ExitCode, messageOf } from '../../base/errors.js';
import { nearest } from '../../base/nearest.js';
import { InputErrors } from '../../scenario/input-errors.js';
import { headerRecord, packetRecord, timeRecord } from './schema.js';
import type { PacketTrace, TimeTrace, Trace } from './types.js';

/** So that a plan stays a file that can be opened. */
const MOST_RECORDS = 200_000;
const MOST_ERRORS = 5;

/**
 * Reads a trace file (docs/impairments.md): JSON, one object a line; a header, then time records or packet records.
 * @throws InputErrors (exit 64) with the first errors, each at file:line.
 */
export function parseTrace(text: string, file: string): Trace {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const reader = new TraceReader(file);
  const [first, ...rest] = lines.filter(({ line }) => line !== '');
  if (!first)
    throw reader.failed(
      1,
      'the trace is empty.',
      'It begins with {"deadair-trace": 1, "end": "hold", "source": "…"}.',
    );
  const header = reader.record(first, headerRecord);
  const [record] = rest;
  if (header && !record) reader.note(first.number, 'the trace has no records after its header.');
  if (rest.length > MOST_RECORDS)
    reader.note(
      rest[MOST_RECORDS]?.number ?? 1,
      `a trace has at most ${MOST_RECORDS} records, and this one has ${rest.length}.`,
    );
  reader.throwIfAny();
  const head = { name: file, source: header?.source ?? '', end: header?.end ?? ('hold' as const) };
  const trace = record?.line.includes('"delayMs"')
    ? packetTrace(head, header, rest, reader)
    : timeTrace(head, header, rest, reader);
  reader.throwIfAny();
  return trace;
}

type Line = { line: string; number: number };
type Head = Pick<Trace, 'name' | 'source' | 'end'>;
type Header = z.output<typeof headerRecord> | null;

function packetTrace(head: Head, header: Header, lines: Line[], reader: TraceReader): PacketTrace {
  if (header?.lengthMs !== undefined) reader.note(1, 'a trace of packet records has no lengthMs.');
  const records = lines.flatMap((line) => reader.record(line, packetRecord) ?? []);
  return { ...head, kind: 'packet', delaysMs: records.map(({ delayMs }) => delayMs) };
}

function timeTrace(head: Head, header: Header, lines: Line[], reader: TraceReader): TimeTrace {
  const steps: TimeTrace['steps'] = [];
  for (const line of lines) {
    const record = reader.record(line, timeRecord);
    if (!record) continue;
    const { atMs, ...impairment } = record;
    const before = steps.at(-1)?.atMs;
    if (before === undefined && atMs !== 0)
      reader.note(line.number, `the first record is at 0, not ${atMs}.`);
    if (before !== undefined && atMs <= before)
      reader.note(line.number, `records ascend: ${atMs} doesn't come after ${before}.`);
    steps.push({ atMs, impairment });
  }
  const last = steps.at(-1)?.atMs ?? 0;
  const gap = last - (steps.at(-2)?.atMs ?? last);
  if (header?.end === 'loop' && header.lengthMs === undefined)
    reader.note(1, 'a trace of time records that loops needs its "lengthMs".');
  if (header?.lengthMs !== undefined && header.lengthMs <= last)
    reader.note(1, `lengthMs is ${header.lengthMs}, and the last record begins at ${last}.`);
  // What ends but once lasts as long as the step before it, unless the header says more.
  return { ...head, kind: 'time', steps, lengthMs: header?.lengthMs ?? last + (gap || 1000) };
}

/** Collects what is wrong, by line. */
class TraceReader {
  private readonly errors: DeadairError[] = [];

  constructor(private readonly file: string) {}

  /** The record on a line, or null if it is none. */
  record<T extends z.ZodType>({ line, number }: Line, schema: T): z.output<T> | null {
    let data: unknown;
    try {
      data = JSON.parse(line);
    } catch (error) {
      this.note(number, `this is not JSON: ${messageOf(error)}.`);
      return null;
    }
    const { success, data: record, error } = schema.safeParse(data);
    if (success) return record;
    const [issue] = error.issues;
    if (issue) this.note(number, ...wording(issue, schema));
    return null;
  }

  note(line: number, what: string, fix?: string): void {
    if (this.errors.length < MOST_ERRORS) this.errors.push(this.error(line, what, fix));
  }

  failed(line: number, what: string, fix: string): InputErrors {
    return new InputErrors([this.error(line, what, fix)]);
  }

  throwIfAny(): void {
    if (this.errors.length > 0) throw new InputErrors(this.errors);
  }

  private error(line: number, what: string, fix?: string): DeadairError {
    const place = { file: this.file, line, column: 1 };
    return new DeadairError('TRACE_INVALID', what, {
      exitCode: ExitCode.badInput,
      place,
      ...(fix === undefined ? {} : { fix }),
    });
  }
}

function wording(issue: z.core.$ZodIssue, schema: z.ZodType): [what: string, fix?: string] {
  const at = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys')
    return [`${at === '' ? 'the record' : `"${at}"`}: ${issue.message.replace(/^Invalid input: /, '')}.`];
  const [key = ''] = issue.keys;
  const known = issue.path.length === 0 && 'shape' in schema ? Object.keys(schema.shape as object) : [];
  const near = nearest(key, known);
  const what = `unknown key "${[...issue.path, key].join('.')}".`;
  return near === null ? [what] : [what, `Did you mean "${near}"?`];
}
