import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, readlinkSync } from 'node:fs';
import { carrierOf } from '../../../src/base/linux/carrier.js';
import { monotonicMs, sleepMs, wallMinusMonotonicMs } from '../../../src/base/linux/clock.js';
import {
  close,
  eventfd,
  open,
  read,
  signalEvent,
  tryRead,
  write,
} from '../../../src/base/linux/descriptors.js';
import { errnoOf } from '../../../src/base/linux/libc.js';
import { inNamespace } from '../../../src/base/linux/namespace.js';
import { PollSet } from '../../../src/base/linux/poll-set.js';
import { NamespaceTcpSocket } from '../../../src/base/linux/tcp-socket.js';
import { NamespaceUdpSocket } from '../../../src/base/linux/udp-socket.js';
import { until } from '../emulator/until.js';
import { type ScratchNamespace, startScratchNamespace } from '../scratch-namespace.js';

const ownNamespace = () => readlinkSync('/proc/thread-self/ns/net');

describe('Linux calls', () => {
  it('name the call, the errno and the file when they fail', () => {
    assert.throws(() => open('/no/such/file', constants.O_RDONLY), {
      name: 'SystemCallError',
      code: 'ENOENT',
      syscall: 'open',
      message: 'open: ENOENT (/no/such/file)',
    });
    assert.throws(() => close(-1), { code: 'EBADF' });
    assert.throws(() => read(-1, Buffer.alloc(8)), { code: 'EBADF' });
    assert.throws(() => write(-1, Buffer.alloc(8)), { code: 'EBADF' });
  });

  it('read into the buffer given', () => {
    const fd = open('/proc/self/stat', constants.O_RDONLY);
    const buffer = Buffer.alloc(64);
    assert.equal(read(fd, buffer.subarray(0, 16)), 16);
    close(fd);
    assert.ok(buffer.toString('latin1').startsWith(`${process.pid} (`));
    assert.deepEqual(buffer.subarray(16), Buffer.alloc(48));
  });

  it('hand no descriptor on to child processes', () => {
    const seenByChild = (fd: number) =>
      execFileSync('readlink', [`/proc/self/fd/${fd}`], {
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
      });
    assert.match(seenByChild(1), /pipe|socket/, 'control: its stdout is seen');
    for (const fd of [open('/dev/null', constants.O_RDONLY), eventfd()]) {
      assert.throws(() => seenByChild(fd), { status: 1 });
      close(fd);
    }
  });

  it('tell an empty descriptor from a full one', () => {
    const fd = eventfd();
    const polled = new PollSet();
    const index = polled.add(fd);
    assert.equal(tryRead(fd, Buffer.alloc(8)), -errnoOf('EAGAIN'));
    assert.equal(polled.wait(0), 0);
    assert.ok(!polled.isReady(index));
    signalEvent(fd);
    signalEvent(fd);
    assert.equal(polled.wait(null), 1);
    assert.ok(polled.isReady(index) && !polled.isBroken(index));
    const count = Buffer.alloc(8);
    read(fd, count);
    assert.equal(count.readBigUInt64LE(), 2n);
    close(fd);
    polled.wait(0);
    assert.ok(polled.isBroken(index));
  });

  it('poll any number of descriptors, and forget those removed', () => {
    const polled = new PollSet();
    const fds = Array.from({ length: 100 }, eventfd);
    const indices = fds.map((fd) => polled.add(fd));
    fds.forEach(signalEvent);
    assert.equal(polled.wait(0), 100);
    indices.slice(0, 40).forEach((index) => polled.remove(index));
    assert.equal(polled.wait(0), 60);
    assert.ok(!polled.isReady(indices[0]!) && polled.isReady(indices[99]!));
    assert.equal(polled.isReady(polled.add(fds[0]!)), false);
    assert.equal(polled.wait(0), 61);
    fds.forEach(close);
  });

  it('wait no shorter than asked for, fractions of a millisecond too', () => {
    const polled = new PollSet();
    for (const ms of [0.25, 1.75, 20]) {
      const startMs = monotonicMs();
      assert.equal(polled.wait(ms), 0);
      assert.ok(monotonicMs() - startMs >= ms, `ppoll of ${ms} ms`);
      const sleptMs = monotonicMs();
      sleepMs(ms);
      assert.ok(monotonicMs() - sleptMs >= ms, `sleep of ${ms} ms`);
    }
  });

  it('put the wall clock and the monotonic clock on one axis', () => {
    const before = Date.now();
    const wallMs = wallMinusMonotonicMs() + monotonicMs();
    assert.ok(wallMs >= before && wallMs <= Date.now() + 1, `${wallMs} against ${before}`);
  });
});

describe('network namespaces', () => {
  let left: ScratchNamespace;
  let right: ScratchNamespace;

  before(async () => {
    left = await startScratchNamespace();
    right = await startScratchNamespace();
    for (const [namespace, address] of [
      [left, '198.18.0.1'],
      [right, '198.18.0.2'],
    ] as const) {
      namespace.run('ip', 'link', 'set', 'lo', 'up');
      namespace.run('ip', 'address', 'add', `${address}/32`, 'dev', 'lo');
    }
  });

  after(async () => {
    await left[Symbol.asyncDispose]();
    await right[Symbol.asyncDispose]();
  });

  it('are left again, also after an error', () => {
    const home = ownNamespace();
    const there = inNamespace(left.netnsPath, ownNamespace);
    assert.equal(there, readlinkSync(left.netnsPath));
    assert.notEqual(there, home);
    assert.equal(ownNamespace(), home);
    const fails = () => {
      throw new Error('inside');
    };
    assert.throws(() => inNamespace(left.netnsPath, fails), /inside/);
    assert.throws(() => inNamespace('/proc/0/ns/net', ownNamespace), { code: 'ENOENT' });
    assert.throws(() => inNamespace('/proc/self/ns/pid', ownNamespace), { code: 'EINVAL', syscall: 'setns' });
    assert.equal(ownNamespace(), home);
  });

  it('keep their sockets', () => {
    using one = NamespaceUdpSocket.open(left.netnsPath, '198.18.0.1', 5060);
    using two = NamespaceUdpSocket.open(left.netnsPath, '127.0.0.1', 0);
    using elsewhere = NamespaceUdpSocket.open(right.netnsPath, '198.18.0.2', 5060);
    const polled = new PollSet();
    polled.add(one.fd);
    assert.equal(one.receive(), null);
    assert.ok(two.send(Buffer.from('OPTIONS'), '198.18.0.1', 5060));
    assert.equal(polled.wait(1000), 1);
    assert.deepEqual(one.receive(), {
      data: Buffer.from('OPTIONS'),
      from: { address: '127.0.0.1', port: two.port },
    });
    assert.ok(two.port > 0);
    assert.throws(() => elsewhere.send(Buffer.from('x'), '198.18.0.1', 5060), { code: 'ENETUNREACH' });
    assert.throws(() => NamespaceUdpSocket.open(left.netnsPath, '198.18.0.1', 5060), { code: 'EADDRINUSE' });
    assert.throws(() => NamespaceUdpSocket.open(left.netnsPath, '198.18.0.2', 0), { code: 'EADDRNOTAVAIL' });
    assert.throws(() => two.send(Buffer.from('x'), 'carrier-a', 5060), /not an IPv4 address/);
  });

  it('keep their TCP sockets, which tell an open port from a closed one and from no way', async () => {
    using listener = NamespaceTcpSocket.open(left.netnsPath, '198.18.0.1');
    using closed = NamespaceTcpSocket.open(left.netnsPath, '198.18.0.1');
    using one = NamespaceTcpSocket.open(left.netnsPath, '127.0.0.1');
    using two = NamespaceTcpSocket.open(left.netnsPath, '127.0.0.1');
    listener.listen();
    assert.equal(one.dial('198.18.0.2', listener.port), 'pending', 'no route');
    await until(() => one.dial('198.18.0.1', listener.port) === 'open');
    await until(() => two.dial('198.18.0.1', closed.port) === 'reset');
    assert.equal(one.dial('198.18.0.1', closed.port), 'open', 'it stays what it has become');
    assert.throws(() => NamespaceTcpSocket.open(left.netnsPath, '198.18.0.2'), { code: 'EADDRNOTAVAIL' });
  });

  it('say whether a cable is plugged in, of an interface that is on', () => {
    left.run('ip', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far');
    const near = () => carrierOf(left.netnsPath, 'near');
    assert.equal(near(), null);
    left.run('ip', 'link', 'set', 'near', 'up');
    assert.equal(near(), 0, 'nobody at the other end');
    left.run('ip', 'link', 'set', 'far', 'up');
    assert.equal(near(), 1);
    assert.equal(carrierOf(left.netnsPath, 'lo'), 1);
    left.run('ip', 'link', 'set', 'far', 'down');
    assert.equal(near(), 0);
    assert.throws(() => carrierOf(left.netnsPath, 'nowhere'), { code: 'ENODEV' });
  });
});
