interface Ticking extends Disposable {
  /** Does it once more, at once. */
  now(): void;
}

/** Does something small now and every second, until it's disposed of; it keeps no process alive. */
export function everySecond(what: () => void): Ticking {
  what();
  const timer = setInterval(what, 1000).unref();
  return { now: what, [Symbol.dispose]: () => clearInterval(timer) };
}
