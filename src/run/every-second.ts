/** Does something small now and every second, until it's disposed of; it keeps no process alive. */
export function everySecond(what: () => void): Disposable {
  what();
  const timer = setInterval(what, 1000).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
