import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { declare } from './libc.js';

/** M_TRIM_THRESHOLD, M_MMAP_THRESHOLD and M_ARENA_MAX of mallopt(3). */
const TRIM_THRESHOLD = -1;
const MMAP_THRESHOLD = -3;
const ARENA_MAX = -8;
const THRESHOLD_BYTES = 128 * 1024;
const ARENAS = 2;

/**
 * Has every buffer of 128 KiB and more given back to the system as soon as it's freed. glibc begins like that, but raises
 * the limit to 32 MiB at the first one that is freed, and from then on keeps holes between them, in a heap a thread. To be
 * called before threads are started. Another C library does as it does.
 */
export function giveBuffersBack(): void {
  let mallopt;
  try {
    mallopt = declare<(parameter: number, value: number) => number>('int mallopt(int, int)');
  } catch {
    return;
  }
  mallopt(MMAP_THRESHOLD, THRESHOLD_BYTES);
  mallopt(TRIM_THRESHOLD, THRESHOLD_BYTES);
  mallopt(ARENA_MAX, ARENAS);
}

/**
 * Has this process collect garbage sooner: V8 lets it grow to several times what is alive, and the space for what is new to
 * 48 MB a thread. To be called early: what has grown stays. It costs some tenth of the time.
 */
export function growSlowly(): void {
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Gives what collects all garbage of this thread. V8 by itself puts that off for as long as it thinks that there is memory
 * enough, which is some hundred MB; it takes a tenth of a second, so it's for now and then.
 */
export function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
