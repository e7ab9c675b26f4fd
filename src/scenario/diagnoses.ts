/**
 * The codes that a scenario may promise for a defect, and a verdict may give. The vocabulary is here, left of
 * the verdict, so that a typo in a scenario is an error and an editor can complete it.
 */
export const diagnosisCodes = [
  'NODE_DIED',
  'BOOT_FAILED',
  'GRAY_FAILURE_UNDETECTED',
  'SLOW_REREGISTRATION',
  'SLOW_RETURN',
  'SLOW_DETECTION',
  'FALSE_DOWN',
  'MEDIA_NOT_RESTORED',
  'MEDIA_BLOCKED_ON_BACKUP',
  'MEDIA_PINNED_TO_DEAD_PATH',
  'UNEXPLAINED_LOSS',
  'JITTER_BEYOND_BUFFER',
  'FLAPPING',
  'PREMATURE_FAILBACK',
  'NO_FAILBACK',
  'NO_ADVANCE_ON_FAILURE',
  'INBOUND_NOT_FAILED_OVER',
  'CALLER_ID_LOST',
  'NO_RINGBACK',
  'CODEC_MISMATCH_ON_BACKUP',
  'DTMF_MISMATCH_ON_BACKUP',
  'DIGITS_NOT_READ',
  'EMERGENCY_NOT_ROUTED',
  'ONE_WAY_AUDIO',
  'DEAD_AIR',
] as const;
