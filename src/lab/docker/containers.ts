import { join, resolve } from 'node:path';
import type Docker from 'dockerode';
import { scenarioFiles } from '../../runfolder/layout.js';
import type { PlannedNode } from '../../plan/planned-node.js';
import { nodeFolders } from '../runtime.js';
import type { EngineImage } from './images.js';

/** Where the dead-man program is in every container. */
export const DEAD_MAN = '.deadair-holds';
const MIB = 1024 * 1024;

/** Labels and a name, the same for both containers of a node. */
export interface Identity {
  name: string;
  labels: Record<string, string>;
}

/** The container that keeps a node's network, whatever becomes of the node: nothing in it but a process that waits. */
export function holderSpec(
  image: string,
  node: PlannedNode,
  { name, labels }: Identity,
): Docker.ContainerCreateOptions {
  return {
    ...{
      name: `${name}-net`,
      Labels: labels,
      Image: image,
      Hostname: node.name,
      Entrypoint: [`/${DEAD_MAN}`],
    },
    ...waitsForItsInput,
    HostConfig: {
      ...{ NetworkMode: 'none', ReadonlyRootfs: true, CapDrop: ['ALL'], LogConfig: noLog },
      Sysctls: { 'net.ipv6.conf.all.disable_ipv6': '1' },
    },
  };
}

/** The container of a node itself, in the network of its holder. */
export function nodeSpec(
  image: EngineImage,
  node: PlannedNode,
  { name, labels }: Identity,
  parts: { holder: string; scenarioFolder: string; environment: readonly string[]; cgroupDriver: string },
): Docker.ContainerCreateOptions {
  const { files, memoryBytes, cpus } = node.container;
  const { configs } = foldersOf(parts.scenarioFolder, node.name);
  return {
    ...{ name, Labels: labels, Image: image.id, Env: [...parts.environment] },
    ...(runsOwnProgram(node)
      ? {}
      : { Entrypoint: [`/${DEAD_MAN}`], Cmd: [], User: '0', ...waitsForItsInput }),
    HostConfig: {
      ...{ NetworkMode: `container:${parts.holder}`, LogConfig: noLog, ShmSize: 256 * MIB },
      ...aheadOfOthers(parts.cgroupDriver),
      // Within the node's own network and nowhere else.
      CapAdd: ['NET_ADMIN', 'NET_RAW'],
      ...(memoryBytes === null ? {} : { Memory: memoryBytes, MemorySwap: memoryBytes }),
      ...(cpus === null ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
      ...(image.isRecipe ? { Tmpfs: emptyAtBoot } : {}),
      Mounts: [
        ...ownFolders(parts.scenarioFolder, node.name),
        ...files.map((file) =>
          bind('source' in file ? file.source : join(configs, file.config.file), file.target, true),
        ),
      ],
    },
  };
}

/** True if the node's container runs what its image says, and not the lab's programs only. */
export const runsOwnProgram = (node: PlannedNode) =>
  node.programs.some(({ command }) => command.length === 0);

/** Where a node's resolv.conf is on the host: apart from its configs, of which one may have that name, and its programs may write it. */
export const resolvConfOf = (scenarioFolder: string, node: string) =>
  join(scenarioFolder, 'work', `${node}.resolv.conf`);

/** The folders of the run that a node sees, on the host. */
export const foldersOf = (scenarioFolder: string, node: string) => {
  const files = scenarioFiles(scenarioFolder);
  return {
    configs: join(files.configs, node),
    logs: files.logs,
    work: join(scenarioFolder, 'work', node),
  };
};

function ownFolders(scenarioFolder: string, node: string): Docker.MountConfig {
  const { configs, logs, work } = foldersOf(scenarioFolder, node);
  return [
    bind(configs, nodeFolders.configs),
    bind(logs, nodeFolders.logs),
    bind(work, nodeFolders.work),
    bind(resolvConfOf(scenarioFolder, node), '/etc/resolv.conf'),
  ];
}

function bind(source: string, target: string, readOnly = false): Docker.MountSettings {
  // The engine knows no working folder of ours.
  return { Type: 'bind', Source: resolve(source), Target: target, ReadOnly: readOnly };
}

/**
 * A container gets as much of a busy processor as one program of the netns runtime does (nice −10, docs/decisions/0011):
 * in Docker's own group all containers together would weigh as much as a single one of the machine's other programs.
 */
const aheadOfOthers = (cgroupDriver: string) => ({
  CpuShares: 9548,
  ...(cgroupDriver === 'cgroupfs' ? { CgroupParent: '/' } : {}),
});

/** As in any machine that boots. In an image of somebody else's there may be something that is needed. */
const emptyAtBoot = {
  '/run': 'mode=755,size=64m,exec',
  '/run/lock': 'mode=1777,size=1m',
  '/tmp': 'mode=1777,size=64m,exec',
};

/** Its input ends when the connection ends by which this process attached to it: with this process, by the latest. */
const waitsForItsInput = { OpenStdin: true, StdinOnce: true, AttachStdin: true };
/** Output is taken as it comes, and kept in the run folder. */
const noLog = { Type: 'none', Config: {} };
