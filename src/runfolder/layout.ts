import { join } from 'node:path';

/** Where things are in a run folder. The only place that knows these names. */
export const runFiles = (runFolder: string) => ({
  result: join(runFolder, 'result.json'),
  html: join(runFolder, 'report.html'),
  junit: join(runFolder, 'junit.xml'),
  allure: join(runFolder, 'allure-results'),
  scenario: (planId: string) => join(runFolder, planId),
  /** Folders of attempts whose result was invalid, as `steady.1`. No scenario has an underscore in its name. */
  earlier: join(runFolder, 'earlier_attempts'),
});

/** Where things are in the folder of one scenario's run. */
export const scenarioFiles = (folder: string) => ({
  plan: join(folder, 'plan.json'),
  journal: join(folder, 'journal.jsonl'),
  /** The judged result of this scenario alone. */
  result: join(folder, 'result.json'),
  /** What the report shows of each call beside its measures. */
  callDetails: join(folder, 'call-details.json'),
  captures: join(folder, 'captures'),
  audio: join(folder, 'audio'),
  logs: join(folder, 'logs'),
  configs: join(folder, 'configs'),
  /** What a node with an image wrote over the image's files. */
  disk: (node: string) => join(folder, 'disks', node),
  capture: (node: string, iface: string) => join(folder, captureName(node, iface)),
  /** What the wire emulator decided about each frame of a link; see decision-log.ts. */
  decisions: (link: string) => join(folder, decisionsName(link)),
  log: (node: string, program: string) => join(folder, 'logs', `${node}.${program}.log`),
  config: (node: string, file: string) => join(folder, 'configs', node, file),
});

/** Name of a capture relative to the scenario's folder, as evidence cites it. */
export const captureName = (node: string, iface: string) => `captures/${node}.${iface}.pcap`;

/** Name of a link's decision log relative to the scenario's folder. */
export const decisionsName = (link: string) => `decisions/${link}.log`;

/** Name of a call's recording relative to the scenario's folder: stereo, left what the caller heard, right the callee. */
export const recordingName = (callId: string) => `audio/${callId}.wav`;

/** What an evidence pack has besides the files of its run. */
export const PACK = { sums: 'SHA256SUMS', summary: 'SUMMARY.md', signatures: 'SIGNATURES.md' } as const;
