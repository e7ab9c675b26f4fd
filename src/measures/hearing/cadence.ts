import type { Burst, ToneName } from './call-progress.js';

/** Shortest burst of 425 or 400 Hz that is ringing, and of what is busy rather than congestion (ITU-T E.180). */
const RINGING_MS = 700;
const BUSY_MS = 350;

/** The name of a burst: 425 and 400 Hz, and 480+620, are told apart by how long they sound. */
export function toneName(burst: Burst): ToneName {
  const lastedMs = burst.toMs - burst.fromMs;
  switch (burst.sound) {
    case '440+480':
    case '400+450':
      return 'ringback';
    case 'sit':
    case 'fax':
      return burst.sound;
    case '425':
      if (lastedMs >= RINGING_MS) return 'ringback';
      break;
    case '400':
    case '480+620':
      break;
  }
  return lastedMs >= BUSY_MS ? 'busy' : 'congestion';
}
