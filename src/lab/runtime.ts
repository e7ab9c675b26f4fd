import type { PlannedNode } from '../plan/planned-node.js';
import type { Plan } from '../plan/types.js';

/** A program that runs in a node. */
export interface StartedProgram extends AsyncDisposable {
  readonly name: string;
  /** Settles when the program has ended, by itself or not; never rejects. */
  readonly ended: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>;
  /** False from the moment that `ended` settles. */
  readonly running: boolean;
  /** Sends a signal to the program itself. Harmless if it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** The program's process and all that it started, as the host numbers them; none once it has ended. */
  processes(): Promise<number[]>;
  /** The last lines of its log, for errors. */
  lastLogLines(): Promise<string>;
  /** The image's own program, with which its container ends; left out for any other. */
  readonly isContainer?: true;
}

/** A started host of the lab: a network namespace, and a way to run programs in it. */
export interface StartedNode extends AsyncDisposable {
  readonly name: string;
  /** Path that setns(2) takes for the node's network namespace. The same, and good, for as long as the node is there. */
  readonly netnsPath: string;
  /** First process of the node's pid namespace, as the host numbers it. Another one after each power cycle. */
  readonly pid: number;
  /** Starts a program whose output goes to `logs/<node>.<name>.log`; an empty command is the image's own program. */
  start(name: string, command: readonly string[]): Promise<StartedProgram>;
  /**
   * Starts a program of the instrument, on the host's own files and with nothing of the node but its network: it needs
   * nothing in the node's image, and goes on when the node loses its power. Its output goes to `logs/<node>.<name>.log`.
   */
  startInstrument(name: string, command: readonly string[]): Promise<StartedProgram>;
  /** What the image's own health check says; null if it has none. Left out where there are no images with one. */
  health?(): Promise<'starting' | 'healthy' | 'unhealthy' | null>;
  /**
   * Runs a short command to its end and gives its standard output.
   * @throws NODE_COMMAND_FAILED if it ends with anything but 0.
   */
  run(command: readonly string[], input?: string): Promise<string>;
  /** All processes of the node but its first one, which is the runtime's; as the host numbers them. None when it's off. */
  processes(): Promise<number[]>;
  /**
   * Takes the node's power: its interfaces go dark, so that peers lose their carrier and nothing more leaves, and then
   * everything of the node is killed at once. Its network namespace, cabling and instruments stay. Resolves when nothing
   * of the node runs. What is to be started in it meanwhile fails.
   */
  powerOff(): Promise<void>;
  /**
   * Makes the node's pid and mount world anew on the same network: /tmp and /run are empty, its work folder and disk are
   * as they were. Nothing runs in it and its interfaces are down: the lab configures them (cables.ts) and starts programs.
   */
  powerOn(): Promise<void>;
  /** Stops everything of the node where it is; its kernel lives on: sockets stay bound and take packets. */
  freeze(): Promise<void>;
  /** Lets everything of the node go on after `freeze`. */
  thaw(): Promise<void>;
}

/** What a node runs in. Links, captures and faults work on `StartedNode.netnsPath` and don't know which runtime it is. */
export interface Runtime {
  /** Gets what the plan's nodes need before any of them starts, such as images; tells what takes long. */
  prepare?(plan: Plan, say: (what: string) => void): Promise<void>;
  /** What the runtime itself is made of, by name, for the environment of a result. */
  versions?: Readonly<Record<string, string>>;
  startNode(node: PlannedNode, scenarioFolder: string): Promise<StartedNode>;
}

/** Where a node sees its part of the run folder. */
export const nodeFolders = {
  configs: '/run/node/configs',
  logs: '/run/node/logs',
  work: '/run/node/work',
  /** Keys of its certificates: in memory, and gone with its power. */
  certificates: '/run/certificates',
} as const;
