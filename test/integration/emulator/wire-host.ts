import { startWire } from '../../../src/emulator/wire.js';

/** A process that joins two namespaces by wire, says so, and exits with 7 when its stdin ends, without any clean-up. */
const [left, right] = process.argv.slice(2);
const wire = await startWire({ seed: 1 });
await wire.connect({
  name: 'left--right',
  a: { netnsPath: left!, interface: 'eth0', mac: '02:00:00:00:00:0a' },
  b: { netnsPath: right!, interface: 'eth0', mac: '02:00:00:00:00:0b' },
});
process.stdin.on('end', () => process.exit(7)).resume();
process.stdout.write('ready\n');
