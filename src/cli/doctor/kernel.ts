import { execa } from 'execa';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { messageOf } from '../../base/errors.js';
import { netemAvailable } from '../../emulator/netem.js';
import { fine, limited, missing, type Check } from './check.js';

const LIMIT_MS = 10_000;

/** Tries what every node and cable needs, in namespaces that end with the command. */
export async function checkNamespaces(): Promise<Check> {
  const name = 'namespaces';
  const build =
    'ip link add name left type veth peer name right && ip link add name bridge type bridge && ip link set left master bridge';
  try {
    await execa('unshare', ['--net', '--pid', '--mount', '--uts', '--ipc', '--fork', 'sh', '-c', build], {
      timeout: LIMIT_MS,
    });
    return fine(name, `Linux ${release()}: net, pid, mount; veth and bridges`);
  } catch (error) {
    const why = messageOf(error).split('\n').slice(1).join(' ').trim() || messageOf(error);
    return missing(
      name,
      why,
      'Labs need root, util-linux, iproute2, and a kernel with namespaces, veth and bridge.',
    );
  }
}

export async function checkTap(): Promise<Check> {
  const device = '/dev/net/tun';
  const isThere = await access(device, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (isThere) return fine('wire', `${device} is there: links can be impaired in userspace`);
  return missing(
    'wire',
    `${device} can't be opened`,
    'Run "modprobe tun" as root; in a container, give it the device (--device /dev/net/tun).',
  );
}

/** Without netem labs run on wire all the same. */
export async function checkEmulators(): Promise<Check> {
  const found = await netemAvailable();
  if (!found.ok) return limited('netem', found.why, found.fix);
  const version = (await readFile('/proc/sys/kernel/osrelease', 'utf8')).trim();
  return fine('netem', `in kernel ${version}${found.seeds ? '' : '; its draws take no seed'}`);
}
