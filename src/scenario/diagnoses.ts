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
  'SHARED_RESOLVER',
  'NEGATIVE_CACHE',
  'DNS_CACHED_DEAD_RECORD',
  'NO_SRV_ADVANCE',
  'MEDIA_BLOCKED_ON_BACKUP',
  'FLAPPING',
  'PREMATURE_FAILBACK',
  'NO_FAILBACK',
  'NO_ADVANCE_ON_FAILURE',
  'NO_RINGBACK',
  'DTMF_MISMATCH_ON_BACKUP',
  'DIGITS_NOT_READ',
  'EMERGENCY_NOT_ROUTED',
  'ONE_WAY_AUDIO',
  'DEAD_AIR',
] as const;
