import type { PlannedNode } from '../plan/types.js';

/** A program that runs in a node. */
export interface StartedProgram extends AsyncDisposable {
  readonly name: string;
  /** Settles when the program has ended, by itself or not; never rejects. */
  readonly ended: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>;
  /** False from the moment that `ended` settles. */
  readonly running: boolean;
  /** Sends a signal to the program itself. Harmless if it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** The last lines of its log, for errors. */
  lastLogLines(): Promise<string>;
}

/** A started host of the lab: a network namespace, and a way to run programs in it. */
export interface StartedNode extends AsyncDisposable {
  readonly name: string;
  /** Path that setns(2) takes for the node's network namespace. */
  readonly netnsPath: string;
  /** Process that holds the namespaces, as the host numbers it. */
  readonly pid: number;
  /** Starts a program whose output goes to `logs/<node>.<name>.log`. */
  start(name: string, command: readonly string[]): Promise<StartedProgram>;
  /**
   * Starts a program of the instrument, on the host's own files and with nothing of the node but its network: it needs
   * nothing in the node's image, and goes on when the node loses its power. Its output goes to `logs/<node>.<name>.log`.
   */
  startInstrument(name: string, command: readonly string[]): Promise<StartedProgram>;
  /**
   * Runs a short command to its end and gives its standard output.
   * @throws NODE_COMMAND_FAILED if it ends with anything but 0.
   */
  run(command: readonly string[], input?: string): Promise<string>;
}

/** What a node runs in. Links, captures and faults work on `StartedNode.netnsPath` and don't know which runtime it is. */
export interface Runtime {
  startNode(node: PlannedNode, scenarioFolder: string): Promise<StartedNode>;
}

/** Where a node sees its part of the run folder. */
export const nodeFolders = {
  configs: '/run/node/configs',
  logs: '/run/node/logs',
  work: '/run/node/work',
} as const;
