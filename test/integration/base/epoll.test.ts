import assert from 'node:assert/strict';
import { constants } from 'node:fs';
import { close, eventfd, open, signalEvent, tryRead } from '../../../src/base/linux/descriptors.js';
import { monotonicMs } from '../../../src/base/linux/clock.js';
import { EpollSet } from '../../../src/base/linux/epoll-set.js';

describe('EpollSet', () => {
  it('names the descriptors that are ready, until they are read', () => {
    using set = new EpollSet();
    const fds = Array.from({ length: 100 }, () => eventfd());
    try {
      fds.forEach((fd, token) => set.add(fd, token));
      assert.equal(set.wait(0), 0);
      signalEvent(fds[7]!);
      signalEvent(fds[93]!);
      assert.equal(set.wait(null), 2);
      assert.deepEqual([set.tokenAt(0), set.tokenAt(1)].sort(), [7, 93]);
      tryRead(fds[7]!, new Uint8Array(8));
      assert.equal(set.wait(null), 1);
      assert.equal(set.tokenAt(0), 93);
      assert.equal(set.isBrokenAt(0), false);
      set.remove(fds[93]!);
      assert.equal(set.wait(0), 0);
    } finally {
      fds.forEach(close);
    }
  });

  it('waits for a fraction of a millisecond, and not for less', () => {
    using set = new EpollSet();
    const fd = eventfd();
    try {
      set.add(fd, 0xffff_ffff);
      const startMs = monotonicMs();
      for (let n = 0; n < 20; n++) assert.equal(set.wait(0.25), 0);
      assert.ok(monotonicMs() - startMs >= 5);
      signalEvent(fd);
      assert.equal(set.wait(1000), 1);
      assert.equal(set.tokenAt(0), 0xffff_ffff);
    } finally {
      close(fd);
    }
  });

  it('refuses what cannot be waited for', () => {
    using set = new EpollSet();
    const fd = open('/proc/self/status', constants.O_RDONLY);
    try {
      assert.throws(() => set.add(fd, 0), { code: 'EPERM', syscall: 'epoll_ctl' });
    } finally {
      close(fd);
    }
  });
});
