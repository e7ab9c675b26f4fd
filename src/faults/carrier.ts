import { execa } from 'execa';

/** Whether the cable at one end of a link is plugged in, as that end's kernel has it. */
export interface CarrierReading {
  node: string;
  /** 1 or 0; null if the interface could not be asked, or isn't up. */
  carrier: 0 | 1 | null;
}

const ASK_LIMIT_MS = 5000;

/** Asks the kernel of a node, from outside: it needs no program in the node. */
export async function readCarrier(
  node: string,
  netnsPath: string,
  interfaceName: string,
): Promise<CarrierReading> {
  const command = [`--net=${netnsPath}`, 'ip', '-j', 'link', 'show', 'dev', interfaceName];
  const { stdout, failed } = await execa('nsenter', command, { reject: false, timeout: ASK_LIMIT_MS });
  return { node, carrier: failed ? null : carrierOf(stdout) };
}

/** From `ip -j link show`. LOWER_UP is what /sys/class/net/X/carrier says, and means nothing of an interface that is down. */
export function carrierOf(shown: string): 0 | 1 | null {
  const [device] = JSON.parse(shown) as { flags: string[] }[];
  if (!device?.flags.includes('UP')) return null;
  return device.flags.includes('LOWER_UP') ? 1 : 0;
}
