import type { CallScore } from './hearing-score.js';
import {
  badCells,
  byCodec,
  byJitter,
  byLoss,
  classTable,
  conditionCounts,
  errorTable,
  goalTable,
  otherTable,
  verdictTable,
} from './hearing-table.js';

/** docs/accuracy.md. */
export function accuracyPage(run: {
  scores: CallScore[];
  opus: CallScore[];
  seed: number;
  cleanCalls: number;
  falseAlarms: number;
}): string {
  const { scores, opus, seed, cleanCalls, falseAlarms } = run;
  return `# How often the listener is right

Written by \`npm run bench:hearing -- --calls ${scores.length} --opus ${opus.length} --seed ${seed} --write docs/accuracy.md\`:
anyone can have these figures again. In brackets 95 % intervals (Wilson).

**${scores.length} labelled calls** of 4–8 s, made from seeds ${seed}–${seed + scores.length - 1}; thresholds were tuned on seeds below
1,000,000, and looks at 1,000,000–3,006,434 found faults that were mended (of the listener and of this benchmark). Codec
(µ-law, A-law, G.722; G.722 is listened to at 16 kHz and by its lower half at 8 kHz in turn) × loss in each direction
(each packet by itself, or bursts of 3 on average) × jitter (each packet held up for 0 to so much) × what is wrong:
${conditionCounts(scores)}.
Where something else is heard, or nothing, it is for the whole call (4 in 10), from somewhere on to the end (3 in 10) or for 1 s
or more in the middle. Levels, delays (5–150 ms), echo delays, tones and noises are drawn. RFC 3389 packets and quiet noise each
make up half of the comfort noise. The jitter buffer is 50 ms, 200 ms and adaptive in turn.

**The truth** is worked out from which packets came, and came in time, never from audio. Loss makes holes of its own: where a
verdict hangs on holes between 160 and 340 ms that nobody planned, the call is *grey*: one packet decides. The tables leave grey calls out and say how many they are; the goals are given with them,
too, and the limit of 240 ms (for one-way, and the larger of the two delays) taken to the letter. The jitter buffer's last packets
and concealment, which hides up to 40 ms, are then errors.

## Goals

${goalTable(scores)}

**False alarms**: ${falseAlarms} of ${cleanCalls} clean calls of 60 s (${((cleanCalls * 60) / 3600).toFixed(1)} hours) were taken for one-way or dead air at any time.

## One-way and dead air, by loss

${verdictTable('loss', scores, byLoss)}

## … by codec

${verdictTable('codec, loss', scores, byCodec)}

## … by jitter and jitter buffer

${verdictTable('jitter', scores, byJitter)}

## What an ear heard

A class of its own for each ear: in the hole if there is one, else beside the voice. "An outage" is what was heard by mistake
where there was none.

${classTable(scores)}

${otherTable(scores)}

## Edges and delays

Errors in ms, 1st percentile / median / 99th, and how many edges are within what is promised for up to 1 % of loss. Loss next to an edge
is part of the hole. Positive onsets are concealment, which is audio still. Where another call's signature, or one's own, is in the
hole, one symbol of 60 ms in sixteen is the voice's own by chance, at an edge too. After a gap a G.722 decoder needs some 30 ms to
find the voice's level again. G.722's own delay, 0.6 ms at 8 kHz and 1.4 ms at 16 kHz, is in the delay.

${errorTable(scores)}

## Opus

**${opus.length} calls** by libopus in the same cells, from seeds ${seed + 7_000_000} on, at 8, 16 and 32 kbit/s in turn (SILK in narrowband, SILK
in wideband, CELT), listened to at 8 and at 16 kHz. Loss is concealed by libopus for up to 60 ms, without in-band FEC. The encoder's own
delay of 6.5 ms is in the delay. The goals above aren't asked of Opus.

${verdictTable('loss', opus, byLoss)}

${classTable(opus)}

${errorTable(opus)}

${badCells(opus)}

## Bad cells

Every cell in which anything was wrong, by what was said instead.

${badCells(scores)}
`;
}
