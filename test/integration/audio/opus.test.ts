import assert from 'node:assert/strict';
import { startOpusDecoder } from '../../../src/audio/codecs.js';
import { SignatureSource } from '../../../src/audio/signature.js';
import type { EarHearing } from '../../../src/measures/hearing/ear.js';
import { hearEar } from '../../../src/measures/hearing/ear.js';
import { readyOpus } from '../../../src/measures/hearing/opus.js';
import { FROM_MS, KEYS } from '../../fixtures/ears.js';
import { arrivedStream, nextFrame, PAYLOAD_TYPES, PAYLOADS } from '../../fixtures/encoding.js';
import { ffmpeg, opusFile, opusPackets, type OpusSettings } from '../../fixtures/opus.js';
import { voice } from '../../fixtures/voices.js';
const LASTS_MS = 6000;
for (const settings of [
  {bitrate:6000},{bitrate:6000,cutoff:4000},{bitrate:8000},{bitrate:12000},{bitrate:16000},{bitrate:24000},{bitrate:32000},{bitrate:64000},{bitrate:24000,application:'audio'},{bitrate:12000,application:'audio'},{bitrate:24000,frameMs:60},{bitrate:12000,frameMs:10},{bitrate:64000,application:'lowdelay',frameMs:10}] as OpusSettings[]) {
  const { frameMs = 20 } = settings;
  const source = new SignatureSource(KEYS.expected, FROM_MS, 16000);
  const frames = Array.from({ length: LASTS_MS / 20 }, () => nextFrame(source, 16000));
  const payloads = opusPackets(frames, settings);
  for (const loss of [0, 0.1, 0.2]) for (const rateHz of [8000, 16000] as const) {
    let x = 1; const rnd=()=>(x=(x*16807)%2147483647)/2147483647;
    const stream = arrivedStream(payloads.map((payload, n) => ({ atMs: FROM_MS + n*frameMs+40, sequence:n, timestamp: n*frameMs*48, payloadType: 111, payload })).filter(()=>rnd()>=loss));
    const h = hearEar({ streams:[stream], fromMs: FROM_MS, toMs: FROM_MS+LASTS_MS, bufferMs:50, expectedKey: KEYS.expected, ownKey: KEYS.own, otherKeys: [{call:'o',key:KEYS.other}], payloads: PAYLOADS, rateHz, opus: await readyOpus([stream], PAYLOADS, rateHz)});
    console.log(JSON.stringify(settings), 'toc', payloads[50]![0]!>>3, 'bytes', payloads[50]!.length, loss, rateHz, h.class, h.heardShare?.toFixed(3), h.delayMs?.toFixed(1), h.outages.length, JSON.stringify(h.choppiness));
  }
}
void [assert, startOpusDecoder, ffmpeg, opusFile, voice, PAYLOAD_TYPES]; export type X = EarHearing;
