import { execa } from 'execa';
import { z } from 'zod';

const COMMAND_LIMIT_MS = 5000;

/** An interface as the kernel tells it. */
export interface InterfaceState {
  /** Switched on by its node. */
  isUp: boolean;
  /** There is somebody at the other end of the cable. */
  hasCarrier: boolean;
  /** Packets received since it was made. */
  received: number;
}

const told = z.array(
  z.object({
    ifname: z.string(),
    flags: z.array(z.string()),
    stats64: z.object({ rx: z.object({ packets: z.number() }) }),
  }),
);

/** The interfaces of a network namespace, by name; also of a node that is off. */
export async function interfaceStates(netnsPath: string): Promise<ReadonlyMap<string, InterfaceState>> {
  const argv = [`--net=${netnsPath}`, '--', 'ip', '-json', '-statistics', 'link', 'show'];
  const { stdout } = await execa('nsenter', argv, { timeout: COMMAND_LIMIT_MS });
  return new Map(
    told
      .parse(JSON.parse(stdout))
      .map(({ ifname, flags, stats64 }) => [
        ifname,
        { isUp: flags.includes('UP'), hasCarrier: flags.includes('LOWER_UP'), received: stats64.rx.packets },
      ]),
  );
}
