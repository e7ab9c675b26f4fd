/** Payload types with a fixed meaning (RFC 3551 §6, audio), name and RTP clock in Hz. */
export const STATIC_PAYLOADS: ReadonlyMap<number, { codec: string; clockHz: number }> = new Map([
  [0, { codec: 'PCMU', clockHz: 8000 }],
  [3, { codec: 'GSM', clockHz: 8000 }],
  [4, { codec: 'G723', clockHz: 8000 }],
  [5, { codec: 'DVI4', clockHz: 8000 }],
  [6, { codec: 'DVI4', clockHz: 16000 }],
  [7, { codec: 'LPC', clockHz: 8000 }],
  [8, { codec: 'PCMA', clockHz: 8000 }],
  // G.722 samples at 16 kHz, but its RTP clock is 8000 for historical reasons (RFC 3551 §4.5.2).
  [9, { codec: 'G722', clockHz: 8000 }],
  [10, { codec: 'L16', clockHz: 44100 }],
  [11, { codec: 'L16', clockHz: 44100 }],
  [12, { codec: 'QCELP', clockHz: 8000 }],
  [13, { codec: 'CN', clockHz: 8000 }],
  [14, { codec: 'MPA', clockHz: 90000 }],
  [15, { codec: 'G728', clockHz: 8000 }],
  [16, { codec: 'DVI4', clockHz: 11025 }],
  [17, { codec: 'DVI4', clockHz: 22050 }],
  [18, { codec: 'G729', clockHz: 8000 }],
]);
