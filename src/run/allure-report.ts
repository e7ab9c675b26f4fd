import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import { runFiles } from '../runfolder/layout.js';

const LIMIT_MS = 180_000;

/**
 * Makes Allure's own HTML of a run's `allure-results` by allure-commandline, into `allure-report` beside them. The history
 * of an earlier run's Allure report goes on in it. Gives the path of its index.html.
 * @throws ALLURE_RESULTS_MISSING, ALLURE_HISTORY_MISSING (64), JAVA_MISSING, ALLURE_FAILED (3)
 */
export async function makeAllureReport(runFolder: string, earlierRun: string | null): Promise<string> {
  const results = runFiles(runFolder).allure;
  if (!existsSync(results))
    throw new DeadairError('ALLURE_RESULTS_MISSING', `there is nothing at ${results}.`, {
      exitCode: ExitCode.badInput,
      fix: '"deadair report RUN" writes it from result.json.',
    });
  if (earlierRun !== null) {
    const history = join(reportIn(earlierRun), 'history');
    if (!existsSync(history))
      throw new DeadairError(
        'ALLURE_HISTORY_MISSING',
        `there is no Allure report with a history at ${history}.`,
        {
          exitCode: ExitCode.badInput,
          fix: `Make it first: deadair report ${earlierRun} --allure`,
        },
      );
    await cp(history, join(results, 'history'), { recursive: true });
  }
  const java = await execa('java', ['-version'], { reject: false });
  if (java.failed)
    throw new DeadairError('JAVA_MISSING', 'Allure needs Java, and there is no java to run.', {
      exitCode: ExitCode.labFailed,
      fix: 'Run: apt-get install default-jre-headless',
    });
  const home = dirname(createRequire(import.meta.url).resolve('allure-commandline/package.json'));
  const report = reportIn(runFolder);
  try {
    await execa(join(home, 'dist', 'bin', 'allure'), ['generate', '--clean', results, '-o', report], {
      timeout: LIMIT_MS,
    });
  } catch (cause) {
    throw new DeadairError('ALLURE_FAILED', messageOf(cause), { exitCode: ExitCode.labFailed, cause });
  }
  return join(report, 'index.html');
}

const reportIn = (runFolder: string): string => join(runFolder, 'allure-report');
