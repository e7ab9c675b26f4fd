import Handlebars from 'handlebars';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../base/package.js';
import type { StartedNode, StartedProgram } from '../lab/runtime.js';
import { nodeFolders } from '../lab/runtime.js';
import { scenarioFiles } from '../runfolder/layout.js';

/** One SIPp process: its script, what it injects into each call, and how it is run. */
export interface SippJob {
  /** `office-out`, `callee`: names its files and its log. */
  name: string;
  script: 'caller' | 'callee' | 'phone';
  /** Values of the script's template. */
  settings: Record<string, unknown>;
  /** What answers at its port requests of calls that are none of its own. */
  outOfCall?: Pick<SippJob, 'script' | 'settings'>;
  /** A line a call, in order; the fields that the script calls `[field0]` … */
  calls: (string | number)[][];
  address: string;
  port: number;
  /** Further arguments: target, rate, number of calls. */
  args: string[];
}

export interface StartedSipp {
  program: StartedProgram;
  /** Where SIPp says what its calls do, see call-log.ts. */
  callLog: string;
}

/** Writes a job's files into the node's configs and starts SIPp on it. */
export async function startSipp(
  node: StartedNode,
  scenarioFolder: string,
  job: SippJob,
): Promise<StartedSipp> {
  const files = scenarioFiles(scenarioFolder);
  await writeFile(files.config(node.name, `${job.name}.xml`), await scriptOf(job));
  const beside = job.outOfCall ? `${job.name}-${job.outOfCall.script}.xml` : null;
  if (job.outOfCall && beside)
    await writeFile(files.config(node.name, beside), countingPorts(await scriptOf(job.outOfCall)));
  const lines = job.calls.map((fields) => fields.join(';') + ';\n');
  await writeFile(files.config(node.name, `${job.name}.csv`), 'SEQUENTIAL\n' + lines.join(''));
  const callLog = files.log(node.name, `${job.name}-calls`);
  await writeFile(callLog, '');
  const log = (kind: string) => `${nodeFolders.logs}/${node.name}.${job.name}-${kind}.log`;
  const program = await node.start(`sipp-${job.name}`, [
    ...['sipp', ...job.args, '-i', job.address, '-p', String(job.port), '-nostdin', '-f', '3600'],
    ...['-sf', `${nodeFolders.configs}/${job.name}.xml`, '-inf', `${nodeFolders.configs}/${job.name}.csv`],
    ...(beside ? ['-oocsf', `${nodeFolders.configs}/${beside}`] : []),
    ...['-trace_logs', '-log_file', log('calls'), '-trace_err', '-error_file', log('errors')],
  ]);
  return { program, callLog };
}

/** SIPp gives such calls no line of input: the script counts their media ports, see `countsPorts` in callee.xml.hbs. */
const countingPorts = (script: string): string => script.replaceAll('[field0]', '[$own]');

/** A script of lab/sipp, with the SDP of our own parties where it says `{{> media}}`. */
async function scriptOf({ script, settings }: Pick<SippJob, 'script' | 'settings'>): Promise<string> {
  const read = (file: string) => readFile(join(packageFolder(), 'lab', 'sipp', file), 'utf8');
  const engine = Handlebars.create();
  engine.registerPartial('media', (await read('media.sdp.hbs')).trimEnd());
  return engine.compile(await read(`${script}.xml.hbs`), { strict: true, noEscape: true })(settings);
}
