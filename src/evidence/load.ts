import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Plan } from '../plan/types.js';
import { captureName, scenarioFiles } from '../runfolder/layout.js';
import { axisFrom } from './axis.js';
import { decodeCapture, type CaptureFile } from './decode-capture.js';
import { readLogLines } from './log-lines.js';
import { announcedBy } from './rtp.js';
import { readJournal, readPlan, unreadable } from './run-files.js';
import type { Evidence } from './types.js';

/**
 * Decodes all captures of a scenario's run. SIP, DNS, TLS and ICMP come in order of time over all captures, RTP streams in order of
 * the plan's capture points and their first packet. What's wrong with a capture is told in `captures`, one that is
 * missing too. Throws RUN_FOLDER_UNREADABLE if plan or journal can't be read.
 */
export async function loadEvidence(scenarioFolder: string): Promise<Evidence> {
  const plan = await readPlan(scenarioFolder);
  const clocks = (await readJournal(scenarioFolder)).filter((entry) => entry.event === 'clock');
  if (clocks.length === 0)
    throw unreadable(
      scenarioFiles(scenarioFolder).journal,
      1,
      'has no clock entry: captures have no place in time',
    );
  const atMs = axisFrom(clocks);
  const points = capturePoints(plan, scenarioFolder);
  const decoded = [];
  for (const point of points) decoded.push(await decodeCapture(point, atMs));

  const sip = decoded.flatMap((capture) => capture.sip).sort((a, b) => a.seen.atMs - b.seen.atMs);
  const tls = decoded.flatMap((capture) => capture.tls).sort((a, b) => a.seen.atMs - b.seen.atMs);
  const icmp = decoded.flatMap((capture) => capture.icmp).sort((a, b) => a.seen.atMs - b.seen.atMs);
  const dns = decoded.flatMap((capture) => capture.dns).sort((a, b) => a.seen.atMs - b.seen.atMs);
  const announced = announcedBy(sip);
  const rtp = decoded.flatMap((capture) => capture.rtp(announced));
  const captures = decoded.map(({ summary }) => summary);
  const log = await readLogLines(plan, scenarioFolder);
  return {
    sip,
    dns,
    tls,
    log,
    rtp,
    icmp,
    captures: [...captures, ...(await unplanned(scenarioFolder, points))],
  };
}

function capturePoints(plan: Plan, scenarioFolder: string): CaptureFile[] {
  return plan.lab.nodes.flatMap(({ name: node, interfaces }) => {
    const addresses = new Set(
      interfaces.flatMap(({ address, extraAddresses, sharedAddress = [] }) =>
        address === null ? [] : [address, ...extraAddresses].concat(sharedAddress),
      ),
    );
    return interfaces
      .filter(({ captured }) => captured)
      .map(({ name }) => {
        const file = captureName(node, name);
        return { path: join(scenarioFolder, file), file, node, interface: name, addresses };
      });
  });
}

/** Captures that the plan knows nothing of: nobody can say who sent what in these. */
async function unplanned(scenarioFolder: string, points: CaptureFile[]): Promise<Evidence['captures']> {
  const folder = scenarioFiles(scenarioFolder).captures;
  const files = await readdir(folder).catch(() => [] as string[]);
  const known = new Set(points.map(({ path }) => path));
  return files
    .filter((file) => /\.pcap(ng)?$/.test(file) && !known.has(join(folder, file)))
    .map((file) => {
      const [node = '', iface = ''] = file.split('.');
      const problems = ['is not read: the plan captures no such interface'];
      return { file: `${basename(folder)}/${file}`, node, interface: iface, frames: 0, problems };
    });
}
