import { dirname, resolve } from 'node:path';
import { DeadairError, ExitCode } from '../base/errors.js';
import type { LoadedLab } from '../scenario/load-lab.js';
import { endsOf } from '../scenario/lab-schema.js';
import type { LabNode, LabProgram } from '../scenario/lab-schema.js';
import { prefixLength } from './addresses.js';
import type { Attachment } from './addresses.js';
import { planRegistration } from './phones.js';
import { nearestAttachment, routesOf } from './routes.js';
import { renderConfig, templatesOf } from './templates.js';
import type { Render, TemplateScope } from './templates.js';
import type {
  PlannedContainer,
  PlannedInterface,
  PlannedLab,
  PlannedNode,
  PlannedProgram,
  Readiness,
} from './types.js';

/** The lab of a plan: every name resolved, every config rendered. `faulted`: links and nodes that a fault touches. */
export function planLab(loaded: LoadedLab, scope: TemplateScope, faulted: ReadonlySet<string>): PlannedLab {
  const { lab, folder } = loaded;
  const { topology, values } = scope;
  return {
    name: lab.name,
    folder,
    nodes: lab.nodes.map((node) => planNode(node, loaded, scope, faulted)),
    links: lab.links.map(({ name }) => {
      const [a, b] = endsOf(name);
      const end = (node: string) => ({
        node,
        interface:
          topology.attachments.find((one) => one.node === node && one.link === name)?.interface ?? '',
      });
      return { name, a: end(a), b: end(b), impaired: faulted.has(name) };
    }),
    trunks: lab.trunks.map(({ name, carrier, alerting, digits }) => ({
      name,
      carrier,
      alerting,
      digits,
      addresses: topology.attachments
        .filter(({ node }) => node === carrier)
        .flatMap(({ addresses }) => addresses),
    })),
    values,
  };
}

function planNode(
  node: LabNode,
  loaded: LoadedLab,
  scope: TemplateScope,
  faulted: ReadonlySet<string>,
): PlannedNode {
  const { topology } = scope;
  const render = templatesOf(node.name, scope);
  const isSwitch = node.role === 'switch';
  return {
    name: node.name,
    role: node.role,
    interfaces: topology.attachments
      .filter((one) => one.node === node.name)
      .map((one) => planInterface(one, node, faulted)),
    routes: isSwitch ? [] : routesOf(topology, node.name),
    resolver: node.resolver === undefined ? null : resolverOf(node.name, node.resolver, scope),
    image: node.image === undefined ? null : (loaded.images[node.image] ?? null),
    environment: Object.fromEntries(
      Object.entries(node.environment).map(([name, value]) => [name, render(loaded.file, value)]),
    ),
    secrets: node.secrets,
    container: planContainer(node, loaded, render),
    registration: planRegistration(node, topology, scope.values, scope.seed),
    softphone: node.softphone ?? null,
    forwards: node.role === 'router',
    programs: planPrograms(node, loaded, render),
  };
}

function planInterface(one: Attachment, node: LabNode, faulted: ReadonlySet<string>): PlannedInterface {
  const [address = null, ...extraAddresses] = one.addresses;
  return {
    name: one.interface,
    link: one.link,
    address,
    prefixLength,
    extraAddresses,
    mac: one.mac,
    captured: isWitness(node) || faulted.has(one.link) || faulted.has(node.name),
  };
}

function resolverOf(node: string, nameserver: string, { topology }: TemplateScope): string {
  const address = nearestAttachment(topology, nameserver, node)?.addresses[0];
  if (address === undefined)
    throw badLab('RESOLVER_UNREACHABLE', `${node} has no way to its resolver ${nameserver}.`);
  return address;
}

/** A node of somebody else's image for which the lab names no programs runs what its image says; phones and carriers run SIPp. */
function planPrograms(node: LabNode, loaded: LoadedLab, render: Render): PlannedProgram[] {
  const image = node.image === undefined ? undefined : loaded.images[node.image];
  const isOwn = image !== undefined && image.kind !== 'recipe';
  if (node.programs.length === 0 && isOwn && !callsFrom(node))
    return [{ name: 'image', command: [], configs: [], ready: { kind: 'healthy' } }];
  return node.programs.map((program) => planProgram(program, node, loaded, render));
}

/** Nodes on which the load generator places and answers calls. */
const callsFrom = ({ role }: LabNode) => role === 'phone' || role === 'carrier';

/** Between the two legs of a call stands the PBX: what came to it and what it made of that is seen there. Nameservers see who asks. */
const isWitness = (node: LabNode) => callsFrom(node) || node.role === 'pbx' || node.role === 'nameserver';

function planContainer(
  node: LabNode,
  { file, folder, configs }: LoadedLab,
  render: Render,
): PlannedContainer {
  return {
    files: Object.entries(node.files).map(([target, path]) =>
      path.endsWith('.hbs')
        ? { target, config: renderConfig(render, dirname(file), path, configs[path] ?? '') }
        : { target, source: resolve(folder, path) },
    ),
    memoryBytes: node.memory ?? null,
    cpus: node.cpus ?? null,
  };
}

function planProgram(program: LabProgram, node: LabNode, loaded: LoadedLab, render: Render): PlannedProgram {
  const fill = (text: string) => render(loaded.file, text);
  const configs = program.configs.map((path) =>
    renderConfig(render, dirname(loaded.file), path, loaded.configs[path] ?? ''),
  );
  const twice = configs.find(({ file }, index) => configs.findIndex((other) => other.file === file) < index);
  if (twice)
    throw badLab('CONFIG_DUPLICATE', `${node.name}.${program.name} has two configs named ${twice.file}.`);
  return {
    name: program.name,
    command: (program.run ?? []).map(fill),
    configs,
    ready: planReadiness(program.ready, fill),
  };
}

function planReadiness(ready: LabProgram['ready'], fill: (text: string) => string): Readiness {
  if (ready === 'exits' || ready === 'healthy') return { kind: ready };
  if ('udp-bound' in ready) return { kind: 'udp-bound', port: ready['udp-bound'] };
  if ('tcp-bound' in ready) return { kind: 'tcp-bound', port: ready['tcp-bound'] };
  if ('sip-options' in ready) {
    const { address, port } = ready['sip-options'];
    return { kind: 'sip-options', address: fill(address), port };
  }
  return { kind: 'command', command: ready.command.map(fill), matches: ready.matches };
}

function badLab(code: string, what: string): DeadairError {
  return new DeadairError(code, what, { exitCode: ExitCode.badInput });
}
