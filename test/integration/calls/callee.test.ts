import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calleeJob } from '../../../src/calls/callees.js';
import { parseCallLogLine } from '../../../src/calls/call-log.js';
import { startSipp } from '../../../src/calls/sipp.js';
import { waitUntil } from '../../../src/lab/readiness.js';
import { nodeFolders, type StartedNode, type StartedProgram } from '../../../src/lab/runtime.js';
import { scenarioFiles } from '../../../src/runfolder/layout.js';
import { planOf } from '../faults/timeline-stand.js';

const PORT = 45_060;
const LOOPBACK = '127.0.0.1';
const UP_LIMIT_MS = 400;
const LIMIT_MS = 10_000;

/** Real SIPp with the script of a carrier, on the loopback; a call is up for `UP_LIMIT_MS` at most. */
async function startCallee(folder: string) {
  const files = scenarioFiles(folder);
  await mkdir(files.logs, { recursive: true });
  await mkdir(files.config('carrier-a', '.'), { recursive: true });
  const plan = planOf('2s', ['at: 1s, freeze: carrier-a']);
  const planned = plan.lab.nodes.find(({ name }) => name === 'carrier-a');
  assert.ok(planned);
  const own = (argument: string) =>
    argument
      .replace(nodeFolders.configs, files.config('carrier-a', '.'))
      .replace(nodeFolders.logs, files.logs);
  let ended = Promise.resolve<unknown>(undefined);
  const start = (name: string, [command = '', ...args]: readonly string[]) => {
    const child = spawn(command, args.map(own), { stdio: 'ignore' });
    ended = once(child, 'exit');
    const program: Partial<StartedProgram> = {
      name,
      running: true,
      signal: (signal) => void child.kill(signal),
      lastLogLines: () => Promise.resolve(''),
    };
    return Promise.resolve(program as StartedProgram);
  };
  const node: Partial<StartedNode> = { name: 'carrier-a', start };
  const job = calleeJob(plan, planned, false);
  const { program, callLog } = await startSipp(node as StartedNode, folder, {
    name: 'callee',
    ...job,
    settings: { ...job.settings, upLimitMs: UP_LIMIT_MS },
    calls: [[30_000], [30_002], [30_004]],
    address: LOOPBACK,
    port: PORT,
    args: [],
  });
  const states = async (call: string) =>
    (await readFile(callLog, 'utf8'))
      .split('\n')
      .flatMap((line) => parseCallLogLine(line) ?? [])
      .filter(({ sipCallId }) => sipCallId === call)
      .map(({ state }) => state);
  const dispose = async () => {
    program.signal('SIGKILL');
    await ended;
  };
  return { program, states, [Symbol.asyncDispose]: dispose };
}

/** A caller that hangs up where nobody hears it: its BYE is lost. */
async function startCaller(callId: string, then: string | null) {
  const socket = createSocket('udp4').bind(0, LOOPBACK);
  await once(socket, 'listening');
  const { port } = socket.address();
  const send = (method: string, cseq: number, to: string, body = '') => {
    const lines = [
      `${method} sip:test@${LOOPBACK}:${PORT} SIP/2.0`,
      `Via: SIP/2.0/UDP ${LOOPBACK}:${port};branch=z9hG4bK${callId}${cseq}${method}`,
      `From: <sip:test@${LOOPBACK}:${port}>;tag=1`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:test@${LOOPBACK}:${port}>`,
      `Content-Length: ${body.length}`,
    ];
    socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`, PORT, LOOPBACK);
  };
  socket.on('message', (data) => {
    const text = data.toString();
    if (!text.startsWith('SIP/2.0 200') || !text.includes('CSeq: 1 INVITE')) return;
    const to = /^To: *(.+?)\r?$/m.exec(text)?.[1] ?? '';
    send('ACK', 1, to);
    if (then !== null) send(then, 2, to);
  });
  const invite = () =>
    send(
      'INVITE',
      1,
      `<sip:test@${LOOPBACK}>`,
      `v=0\r\no=- 1 1 IN IP4 ${LOOPBACK}\r\ns=-\r\nc=IN IP4 ${LOOPBACK}\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n`,
    );
  return { invite, [Symbol.dispose]: () => socket.close() };
}

describe('who answers calls', () => {
  for (const then of [null, 'INFO', 'BYE'])
    it(`ends each call that it answered, also one that hears ${then === null ? 'nothing more' : `a ${then} and nothing more`}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
      try {
        await using callee = await startCallee(folder);
        const call = `call-${then}`;
        using caller = await startCaller(call, then);
        await waitUntil('SIPp answers', LIMIT_MS, callee.program, async () => {
          if ((await callee.states(call)).length === 0) caller.invite();
          return (await callee.states(call)).includes('answered');
        });
        await waitUntil('the call ends', LIMIT_MS, callee.program, async () =>
          (await callee.states(call)).includes('ended'),
        );
      } finally {
        await rm(folder, { recursive: true });
      }
    });
});
