import { startNetem } from '../../src/emulator/netem.js';

/** `node netem-host.js LEFT RIGHT`: joins two namespaces by netem, says so, and then waits to be killed. */
const [left, right] = process.argv.slice(2);
const netem = await startNetem({ seed: 1 });
const end = (netnsPath: string) => ({ netnsPath, interface: 'eth9', mac: '02:00:00:00:00:0c' });
await netem.connect({ name: 'left--right', a: end(left!), b: end(right!) });
process.stdin.resume();
process.stdout.write('ready\n');
