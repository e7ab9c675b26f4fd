import type { Verdict } from '../verdict/types.js';
import { terminalView } from './live-terminal.js';
import { countWords, leftWords, nextWords, standingWords } from './live-words.js';
import type { RunStanding, ScenarioState } from './live-words.js';
import { printable } from './text.js';

/** Live progress of a run, one line a scenario. */
export interface LiveView extends AsyncDisposable {
  /** The line of a scenario, which starts with this call. */
  scenario(id: string, title: string): ScenarioLine;
  /** How the whole run stands; shown where there is more than one scenario. */
  run(standing: RunStanding): void;
  /** Tells something about the whole run at once, such as that it is being ended. */
  notice(text: string): void;
  /** Leaves the lines as they are and gives the terminal back. Twice is harmless. */
  close(): Promise<void>;
}

export interface ScenarioLine {
  /** Waits for its turn. */
  waits(text: string): void;
  phase(text: string): void;
  update(state: ScenarioState): void;
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
  /** Only notices, on stderr. */
  quiet: boolean;
  /** TERM: a dumb one can't take lines back. */
  environment: NodeJS.ProcessEnv;
}

/** On a terminal lines that update; elsewhere a plain line for every change of phase, faults or waves. */
export function openLiveView(options: LiveOptions): LiveView {
  const { scenarios, stdout, stderr, json, quiet, environment } = options;
  if (quiet) return { ...silentView(), notice: (text) => void stderr.write(`\n${printable(text)}\n`) };
  if (json) return plainView(stderr, stderr);
  // a pseudo-terminal without a size (columns 0) has no lines to update
  const takesBack = stdout.isTTY && stdout.columns > 0 && environment['TERM'] !== 'dumb';
  return takesBack ? terminalView(scenarios, stdout, stderr) : plainView(stdout, stderr);
}

/** For a run inside something that has a display of its own. */
export function silentView(): LiveView {
  const line: ScenarioLine = {
    waits: () => undefined,
    phase: () => undefined,
    update: () => undefined,
    done: () => undefined,
  };
  return {
    scenario: () => line,
    run: () => undefined,
    notice: () => undefined,
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function plainView(stream: NodeJS.WritableStream, stderr: NodeJS.WritableStream): LiveView {
  let wavesBefore = 0;
  return {
    run(standing) {
      const { wavesToCome } = standing;
      if (wavesToCome === wavesBefore) return;
      wavesBefore = wavesToCome;
      stream.write(`${standingWords(standing)}\n`);
    },
    notice: (text) => void stderr.write(`\n${printable(text)}\n`),
    scenario(id, title) {
      const say = (text: string) => void stream.write(`${printable(`[${id}] ${text}`)}\n`);
      let faultsBefore = '';
      say(title);
      return {
        waits: say,
        phase: say,
        update(state) {
          const now = state.faults.join(', ');
          if (now === faultsBefore) return;
          faultsBefore = now;
          const { upcoming } = state;
          const ahead = upcoming
            ? [leftWords(upcoming.leftMs), ...(upcoming.next ? [nextWords(upcoming.next)] : [])]
            : [];
          const what = now === '' ? 'faults healed' : `fault: ${now}`;
          say(`${what} (${[countWords(state), ...ahead].join('; ')})`);
        },
        done: (verdict, text) => say(`${verdict ?? 'no verdict'}: ${text}`),
      };
    },
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
