import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { Verdict } from '../verdict/types.js';
import { printable } from './text.js';

/** Live progress of a run, one line a scenario. */
export interface LiveView extends AsyncDisposable {
  /** The line of a scenario, which starts with this call. */
  scenario(id: string, title: string): ScenarioLine;
  /** Leaves the lines as they are and gives the terminal back. Twice is harmless. */
  close(): Promise<void>;
}

export interface ScenarioLine {
  phase(text: string): void;
  update(state: { callsUp: number; faults: string[]; placed: number }): void;
  /** Ends the line. `verdict` is null if the scenario ended without one. */
  done(verdict: Verdict | null, text: string): void;
}

interface LiveOptions {
  /** Every scenario that will run, in the order of their lines. */
  scenarios: { id: string; title: string }[];
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** stdout is for a machine: plain lines on stderr. */
  json: boolean;
}

/** On a terminal lines that update; elsewhere a plain line for every change of phase or faults. */
export function openLiveView({ scenarios, stdout, stderr, json }: LiveOptions): LiveView {
  if (json) return plainView(stderr);
  // a pseudo-terminal without a size (columns 0) has no lines to update
  return stdout.isTTY && stdout.columns > 0 ? terminalView(scenarios, stdout, stderr) : plainView(stdout);
}

/** For a run inside something that has a display of its own. */
export function silentView(): LiveView {
  const line: ScenarioLine = { phase: () => undefined, update: () => undefined, done: () => undefined };
  return {
    scenario: () => line,
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function plainView(stream: NodeJS.WritableStream): LiveView {
  return {
    scenario(id, title) {
      const say = (text: string) => void stream.write(`${printable(`[${id}] ${text}`)}\n`);
      let faultsBefore = '';
      say(title);
      return {
        phase: say,
        update({ faults, callsUp, placed }) {
          const now = faults.join(', ');
          if (now === faultsBefore) return;
          faultsBefore = now;
          say(`${now === '' ? 'faults healed' : `fault: ${now}`} (${callsUp} calls up, ${placed} placed)`);
        },
        done: (verdict, text) => say(`${verdict ?? 'no verdict'}: ${text}`),
      };
    },
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** State of a line on the terminal, which listr2 draws as the title of a task. */
class TerminalLine implements ScenarioLine {
  /** Settles when the line is done: whether there was a verdict that can be trusted. */
  readonly ended: Promise<boolean>;
  private settle: (trusted: boolean) => void = () => undefined;
  private task: { title: string } = { title: '' };
  private phaseText = 'waiting';
  private state = '';

  constructor(private readonly id: string) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
  }

  /** From now on the line is drawn by this task. */
  drawOn(task: { title: string }): void {
    task.title = this.task.title;
    this.task = task;
    this.draw(`${this.phaseText}${this.state}`);
  }

  phase(text: string): void {
    this.phaseText = text;
    this.draw(`${text}${this.state}`);
  }

  update({ callsUp, faults, placed }: { callsUp: number; faults: string[]; placed: number }): void {
    const broken = faults.length === 0 ? '' : ` · fault ${faults.join(', ')}`;
    this.state = ` · ${callsUp} calls up, ${placed} placed${broken}`;
    this.draw(`${this.phaseText}${this.state}`);
  }

  done(verdict: Verdict | null, text: string): void {
    this.phaseText = `${verdict ?? 'no verdict'}: ${text}`;
    this.state = '';
    this.draw(this.phaseText);
    this.end(verdict !== null && verdict !== 'invalid');
  }

  /** Leaves the line as it is. */
  end(trusted: boolean): void {
    this.settle(trusted);
  }

  private draw(text: string): void {
    this.task.title = printable(`${this.id}  ${text}`);
  }
}

/** listr2 would fall back by process.stdout; which stream is a terminal is decided here. */
class AnyStreamRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

function terminalView(
  scenarios: LiveOptions['scenarios'],
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
): LiveView {
  const lines = new Map(scenarios.map(({ id }) => [id, new TerminalLine(id)]));
  const tasks = [...lines.values()].map((line) => ({
    title: ' ',
    task: async (_context: unknown, task: { title: string }) => {
      line.drawOn(task);
      if (!(await line.ended)) throw new Error('no verdict that can be trusted');
    },
  }));
  const processOutput = new ProcessOutput(stdout, stderr, { leaveEmptyLine: false });
  const list = new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false, // an interrupt is the command's to handle
    renderer: AnyStreamRenderer,
    rendererOptions: {
      logger: new ListrLogger({ useIcons: true, toStderr: [], processOutput }),
      formatOutput: 'truncate',
      showErrorMessage: false,
    },
  });
  const running = list.run();
  const close = async () => {
    for (const line of lines.values()) line.end(false);
    await running;
  };
  return {
    scenario(id, title) {
      const line = lines.get(id);
      if (!line) throw new Error(`no line was kept for scenario ${id}`);
      line.phase(title);
      return line;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
