import type { RtpStream } from '../../evidence/types.js';
import { NO_PAYLOADS, ticksPerMs, type Payloads } from './formats.js';

/** Interarrival jitter J of a stream (RFC 3550 A.8: J += (|D| − J)/16), its mean over the packets, in ms. */
export function meanJitterMs(stream: RtpStream, payloads: Payloads = NO_PAYLOADS): number {
  const ticks = ticksPerMs(stream, payloads);
  let jitter = 0;
  let sum = 0;
  for (let i = 1; i < stream.atMs.length; i++) {
    const stepMs = (((stream.timestamp[i] ?? 0) - (stream.timestamp[i - 1] ?? 0)) | 0) / ticks;
    const difference = Math.abs((stream.atMs[i] ?? 0) - (stream.atMs[i - 1] ?? 0) - stepMs);
    jitter += (difference - jitter) / 16;
    sum += jitter;
  }
  return stream.atMs.length > 1 ? sum / (stream.atMs.length - 1) : 0;
}
