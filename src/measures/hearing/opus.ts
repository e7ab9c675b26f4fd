import { startOpusDecoder, type Decoder } from '../../audio/codecs.js';
import { RATE_HZ, type RateHz } from '../../audio/source.js';
import type { RtpStream } from '../../evidence/types.js';
import { formatOf, type Payloads } from './formats.js';
import { renderEar, type RenderedEar, type RenderInput } from './jitter-buffer.js';

/** Decoders for those of these streams that have Opus in them, each for one rendering. */
async function readyOpus(
  streams: readonly RtpStream[],
  payloads: Payloads,
  rateHz: RateHz = RATE_HZ,
): Promise<ReadonlyMap<RtpStream, Decoder>> {
  const decoders = new Map<RtpStream, Decoder>();
  for (const stream of streams)
    if (hasOpus(stream, payloads)) decoders.set(stream, await startOpusDecoder(rateHz));
  return decoders;
}

function hasOpus({ payloadType }: RtpStream, payloads: Payloads): boolean {
  return [...new Set(payloadType)].some((type) => {
    const format = formatOf(type, payloads);
    return format.kind === 'audio' && format.codec === 'OPUS';
  });
}

/** `renderEar` for streams that may have Opus in them. */
export async function renderAnyEar(input: Omit<RenderInput, 'opus'>): Promise<RenderedEar> {
  const { streams, payloads, rateHz } = input;
  return payloads
    ? renderEar({ ...input, opus: await readyOpus(streams, payloads, rateHz) })
    : renderEar(input);
}
