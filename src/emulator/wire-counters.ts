/** Why a frame is dropped, and where that is counted. */
export const DROP_COUNTERS = {
  lost: 'droppedByLoss',
  cut: 'droppedByCut',
  'queue-full': 'droppedByRate',
  'too-long': 'droppedByMtu',
  'no-room': 'droppedByQueue',
} as const;

/** One of these reasons. */
export type Drop = keyof typeof DROP_COUNTERS;

/** Counts of a direction, all of them known. */
export function noFrames() {
  return {
    received: 0,
    delivered: 0,
    dropped: 0,
    droppedByLoss: 0,
    droppedByCut: 0,
    droppedByRate: 0,
    droppedByMtu: 0,
    droppedByQueue: 0,
    duplicated: 0,
    corrupted: 0,
    reordered: 0,
    rejected: 0,
    undeliverable: 0,
  };
}
