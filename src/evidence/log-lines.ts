import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { relative } from 'node:path';
import type { Plan } from '../plan/types.js';
import { scenarioFiles } from '../runfolder/layout.js';
import type { LogLine } from './types.js';

/** What programs say of certificates that they don't like. */
const TELLING = /certificate|hostname mismatch/i;
/** A line that says nothing of interest may be as long as it likes. */
const LONGEST = 2000;
/** Lines that are kept of each log: the first of them tell as much as all. */
const MOST_KEPT = 200;

/** Lines about certificates in the logs of the programs of those nodes that have or check some. */
export async function readLogLines(plan: Plan, scenarioFolder: string): Promise<LogLine[]> {
  const logs = plan.lab.nodes
    .filter(({ identity }) => identity !== undefined)
    .flatMap(({ name: node, programs }) => programs.map(({ name }) => ({ node, program: name })));
  const lines = [];
  for (const { node, program } of logs) {
    const path = scenarioFiles(scenarioFolder).log(node, program);
    lines.push(...(await tellingLines(path, { file: relative(scenarioFolder, path), node })));
  }
  return lines;
}

/** Of a log that isn't there, none: its program never started. */
async function tellingLines(path: string, of: Pick<LogLine, 'file' | 'node'>): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let number = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      number++;
      if (lines.length < MOST_KEPT && text.length <= LONGEST && TELLING.test(text))
        lines.push({ ...of, number, text: text.trim() });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return lines;
}
