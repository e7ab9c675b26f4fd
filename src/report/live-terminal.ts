import { EOL } from 'node:os';
import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { Verdict } from '../verdict/types.js';
import type { LiveView, ScenarioLine } from './live.js';
import { standingWords, stateWords, type ScenarioState } from './live-words.js';
import { printable } from './text.js';

/** Columns that listr2 leaves for its mark, and at the right edge. */
const MARGIN = 4;

/** State of a line on the terminal, which listr2 draws as the title of a task; a scenario that waits has no line yet. */
class TerminalLine implements ScenarioLine {
  /** Settles when the line is done: whether there was a verdict that can be trusted. */
  readonly ended: Promise<boolean>;
  status: 'waiting' | 'going' | 'done' = 'waiting';
  private settle: (trusted: boolean) => void = () => undefined;
  private task: { title: string } = { title: '' };
  private phaseText = 'waiting';

  /**
   * @param name that its text begins with
   * @param columns of the terminal now
   */
  constructor(
    private readonly name: string,
    private readonly columns: () => number,
  ) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
  }

  /** From now on the line is drawn by this task. */
  drawOn(task: { title: string }): void {
    task.title = this.task.title;
    this.task = task;
  }

  waits(text: string): void {
    this.status = 'waiting';
    this.phaseText = text;
    this.task.title = '';
  }

  phase(text: string): void {
    this.status = 'going';
    this.phaseText = text;
    this.draw(text);
  }

  update(state: ScenarioState): void {
    const room = this.columns() - MARGIN - this.name.length;
    this.draw(stateWords(this.phaseText, state, room));
  }

  done(verdict: Verdict | null, text: string): void {
    this.status = 'done';
    this.phaseText = `${verdict ?? 'no verdict'}: ${text}`;
    this.draw(this.phaseText);
    this.settle(verdict !== null && verdict !== 'invalid');
  }

  /** Leaves the line as it is. */
  end(trusted: boolean): void {
    if (this.status === 'waiting') this.draw(this.phaseText);
    this.status = 'done';
    this.settle(trusted);
  }

  /** Takes it away. */
  vanish(): void {
    this.status = 'done';
    this.task.title = '';
    this.settle(true);
  }

  get isDrawn(): boolean {
    return this.task.title !== '';
  }

  private draw(text: string): void {
    this.task.title = printable(`${this.name}${text}`);
  }
}

/**
 * What fits on the screen: all that is going on, and of what is done the last lines. More can't be taken back from a terminal, and
 * would be written again with every change.
 * @param lines of text, one for each of `going`
 * @param rows of the screen
 */
export function fitting(lines: readonly string[], going: readonly boolean[], rows: number): string[] {
  const room = Math.max(1, rows - 2);
  let doneLeft = room - going.filter(Boolean).length;
  const isKept = new Set(
    [...lines.keys()].reverse().filter((index) => going[index] === true || doneLeft-- > 0),
  );
  return lines.filter((_, index) => isKept.has(index)).slice(-room);
}

/** A line a scenario that began, and how the whole run stands under them. */
export function terminalView(
  scenarios: readonly { id: string; title: string }[],
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
): LiveView {
  const columns = () => stdout.columns;
  const lines = new Map(scenarios.map(({ id }) => [id, new TerminalLine(`${id}  `, columns)]));
  const standing = new TerminalLine('', columns);
  const notice = new TerminalLine('', columns);
  const shown = [...lines.values(), ...(scenarios.length > 1 ? [standing] : []), notice];
  const tasks = shown.map((line) => ({
    title: '',
    task: async (_context: unknown, task: { title: string }) => {
      line.drawOn(task);
      if (!(await line.ended)) throw new Error('no verdict that can be trusted');
    },
  }));
  class FittingRenderer extends DefaultRenderer {
    /** listr2 would fall back by process.stdout; which stream is a terminal is decided by who asks for this view. */
    static override nonTTY = true;

    /** The last picture stays, and has all lines. */
    override create(options?: { tasks?: boolean; bottomBar?: boolean; prompt?: boolean }): string {
      const text = super.create(options);
      if (options?.prompt === false) return text;
      const going = shown.filter(({ isDrawn }) => isDrawn).map(({ status }) => status === 'going');
      return fitting(text.split(EOL), going, stdout.rows).join(EOL);
    }
  }
  const processOutput = new ProcessOutput(stdout, stderr, { leaveEmptyLine: false });
  const list = new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false, // an interrupt is the command's to handle
    renderer: FittingRenderer,
    rendererOptions: {
      logger: new ListrLogger({ useIcons: true, toStderr: [], processOutput }),
      formatOutput: 'truncate',
      showErrorMessage: false,
    },
  });
  // Until the view closes listr2 holds the cursor, and back what else is written. A process that ends before has no other time for it.
  const giveBack = () => processOutput.release();
  process.once('exit', giveBack);
  const running = list.run();
  const end = async () => {
    for (const line of lines.values()) line.end(false);
    standing.end(true);
    notice.vanish();
    await running;
    process.off('exit', giveBack);
  };
  // Once: what changes a line after its list has ended would be drawn below all that came since.
  let ended: Promise<void> | undefined;
  const close = () => (ended ??= end());
  return {
    scenario(id) {
      const line = lines.get(id);
      if (!line) throw new Error(`no line was kept for scenario ${id}`);
      return line;
    },
    run: (now) => standing.phase(standingWords(now)),
    notice: (text) => (ended ? void stderr.write(`${printable(text)}\n`) : notice.phase(text)),
    close,
    [Symbol.asyncDispose]: close,
  };
}
