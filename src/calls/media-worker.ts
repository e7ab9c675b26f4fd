import { receiveMessageOnPort, parentPort, workerData } from 'node:worker_threads';
import { NamespaceUdpSocket } from '../base/linux/udp-socket.js';
import { monotonicMs } from '../base/linux/clock.js';
import { SystemCallError } from '../base/linux/libc.js';
import { runAheadOfOthers, sharpenTimers } from '../base/linux/thread.js';
import { messageOf } from '../base/errors.js';
import { SignatureSource } from '../audio/signature.js';
import { ToneSource, type AudioSource } from '../audio/tones.js';
import { Ear } from './ear.js';
import type { MediaAudio, MediaCommand, MediaReport, MediaWorkerData } from './media-protocol.js';
import { EventKeypad, ToneKeypad } from './keypad.js';
import { PacingHistogram } from './pacing.js';
import { PACKET_MS, RtpSender } from './rtp-sender.js';
import { Turns } from './turns.js';

/**
 * Thread that plays every leg of a lab: one loop over all of them, paced against the monotonic clock, so that a
 * hundred streams keep their 20 ms whatever the main thread does.
 */
interface Leg {
  socket: NamespaceUdpSocket;
  sender: RtpSender;
  ear: Ear;
  isMuted: boolean;
  playing: {
    source: AudioSource;
    /** Null: it talks all the while. */
    turns: Turns | null;
    address: string;
    port: number;
    dueMs: number;
  } | null;
  dialling: { keypad: EventKeypad | ToneKeypad; fromMs: number } | null;
}

const port = parentPort;
if (!port) throw new Error('media-worker runs as a worker thread');
const { commands, deafEars } = workerData as MediaWorkerData;
const commandCount = new Int32Array(commands);
const deafCount = new Int32Array(deafEars);
/** Deaf ears are counted this often, and whenever a call ends. */
const COUNT_EVERY_MS = 250;
let countAtMs = 0;
let epochMonotonicMs = 0;
const legs = new Map<string, Leg>();
const pacing = new PacingHistogram();

function report(message: MediaReport): void {
  port?.postMessage(message);
}

function sourceOf(audio: MediaAudio, startMs: number): AudioSource {
  return 'tone' in audio
    ? new ToneSource(audio.tone)
    : new SignatureSource(Buffer.from(audio.signature, 'hex'), startMs);
}

function obey(command: MediaCommand): void {
  if (command.kind === 'begin') {
    epochMonotonicMs = command.epochMonotonicMs;
  } else if (command.kind === 'open') {
    const socket = NamespaceUdpSocket.open(command.netnsPath, command.address, command.port);
    legs.set(command.leg, {
      socket,
      sender: new RtpSender(command.leg, command.law),
      ear: new Ear(),
      isMuted: false,
      playing: null,
      dialling: null,
    });
  } else if (command.kind === 'play') {
    const leg = legs.get(command.leg);
    if (!leg) throw new Error('is not open');
    const now = monotonicMs();
    const dueMs = leg.playing?.dueMs ?? now;
    const source = sourceOf(command.audio, dueMs - epochMonotonicMs);
    const { address, port, audio } = command;
    const turns = 'signature' in audio && audio.turns ? new Turns(audio.turns) : null;
    leg.playing = { source, turns, address, port, dueMs };
    // A tone is of a call that still rings.
    if ('signature' in audio) leg.ear.answered(now);
  } else if (command.kind === 'mute') {
    const leg = legs.get(command.leg);
    if (leg) leg.isMuted = command.muted;
  } else if (command.kind === 'dial') {
    const leg = legs.get(command.leg);
    if (!leg) throw new Error('is not open');
    const keypad =
      command.mode === 'rfc4733' ? new EventKeypad(command.digits) : new ToneKeypad(command.digits);
    leg.dialling = { keypad, fromMs: monotonicMs() + command.afterMs };
  } else if (command.kind === 'over') {
    legs.get(command.leg)?.ear.over();
    countAtMs = 0;
  } else if (command.kind === 'close') {
    legs.get(command.leg)?.socket.close();
    legs.delete(command.leg);
    countAtMs = 0;
  }
}

/** Sends what is due; returns when the next packet is. */
function sendDue(): number {
  let nextMs = Infinity;
  for (const leg of legs.values()) {
    const playing = leg.playing;
    if (!playing) continue;
    const now = monotonicMs();
    if (playing.dueMs <= now) {
      if (leg.isMuted) leg.sender.skip(playing.source);
      else {
        pacing.add(now - playing.dueMs);
        send(leg, playing);
      }
      playing.dueMs += PACKET_MS;
      // What arrives is judged from the captures; here it's only taken off the socket, and that it came is noted.
      for (let got = leg.socket.receive(); got; got = leg.socket.receive()) leg.ear.reached(got.data, now);
    }
    if (playing.dueMs < nextMs) nextMs = playing.dueMs;
  }
  return nextMs;
}

function countDeafEars(nowMs: number): void {
  if (nowMs < countAtMs) return;
  countAtMs = nowMs + COUNT_EVERY_MS;
  let deaf = 0;
  for (const { ear } of legs.values()) if (ear.isDeaf(nowMs)) deaf++;
  Atomics.store(deafCount, 0, deaf);
}

function send(leg: Leg, playing: NonNullable<Leg['playing']>): void {
  const { address, port: remotePort } = playing;
  try {
    for (const packet of packetsOf(leg, playing)) leg.socket.send(packet, address, remotePort);
  } catch (error) {
    // The network is down where a fault took it down; the captures show what was sent.
    if (!(error instanceof SystemCallError)) throw error;
  }
}

/** What goes out in one packet time: audio, an event, both, or nothing. The buffer of each is used again for the next. */
function* packetsOf(leg: Leg, { source, turns, dueMs }: NonNullable<Leg['playing']>): Generator<Buffer> {
  const { sender, dialling } = leg;
  const keypad = dialling && dueMs >= dialling.fromMs ? dialling.keypad : null;
  if (keypad instanceof EventKeypad) {
    const press = keypad.next();
    if (!press) leg.dialling = null;
    if (press?.event) yield sender.event(press.event);
    if (press?.withAudio === false) return sender.pass(source);
  }
  const turn = keypad ? 'voice' : (turns?.next() ?? 'voice');
  if (turn === 'nothing') return sender.skip(source);
  if (turn === 'noise') yield sender.noise(source);
  else
    yield sender.next(source, (samples) => {
      if (keypad instanceof ToneKeypad && !keypad.over(samples)) leg.dialling = null;
    });
}

/** Takes up all waiting commands; false when told to finish. */
function takeCommands(from: NonNullable<typeof port>): boolean {
  for (let got = receiveMessageOnPort(from); got; got = receiveMessageOnPort(from)) {
    const command = got.message as MediaCommand;
    if (command.kind === 'finish') return false;
    try {
      obey(command);
    } catch (error) {
      report({ kind: 'failed', message: `${JSON.stringify(command)}: ${messageOf(error)}` });
    }
  }
  return true;
}

sharpenTimers();
// A sender that is late would be taken for jitter.
runAheadOfOthers();
report({ kind: 'ready' });
for (;;) {
  const seen = Atomics.load(commandCount, 0);
  if (!takeCommands(port)) break;
  const nextMs = sendDue();
  countDeafEars(monotonicMs());
  const waitMs = nextMs - monotonicMs();
  if (waitMs > 0) Atomics.wait(commandCount, 0, seen, waitMs);
}
for (const leg of legs.values()) leg.socket.close();
report({ kind: 'finished', pacing: pacing.summary() });
port.close();
