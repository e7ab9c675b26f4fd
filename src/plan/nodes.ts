import { dirname, resolve } from 'node:path';
import { DeadairError, ExitCode } from '../base/errors.js';
import type { LoadedLab } from '../scenario/load-lab.js';
import { endsOf } from '../scenario/lab-schema.js';
import type { LabNode, LabProgram } from '../scenario/lab-schema.js';
import { prefixLength } from './addresses.js';
import type { Attachment, Topology } from './addresses.js';
import { planCertificates } from './certificates.js';
import { planRegistration } from './phones.js';
import { nearestAttachment, routesOf } from './routes.js';
import { renderConfig, templatesOf } from './templates.js';
import type { Render, TemplateScope } from './templates.js';
import type { PlannedLab, PlannedLink } from './planned-lab.js';
import type {
  PlannedContainer,
  PlannedInterface,
  PlannedNode,
  PlannedProgram,
  Readiness,
} from './planned-node.js';

/** The lab of a plan: every name resolved, every config rendered. `faulted`: links and nodes that a fault touches. */
export function planLab(loaded: LoadedLab, scope: TemplateScope, faulted: ReadonlySet<string>): PlannedLab {
  const { lab, folder } = loaded;
  const { topology, values } = scope;
  const certificates = planCertificates(loaded, templatesOf('', scope));
  return {
    name: lab.name,
    folder,
    nodes: lab.nodes.map((node) => planNode(node, loaded, scope, faulted)),
    links: lab.links.map(({ name }) => {
      const [a, b] = endsOf(name);
      return { name, a: endOf(topology, a, name), b: endOf(topology, b, name), impaired: faulted.has(name) };
    }),
    trunks: lab.trunks.map(({ name, carrier, alerting, digits, codec }) => ({
      ...(codec && { codec }),
      name,
      carrier,
      alerting,
      digits,
      addresses: topology.attachments
        .filter(({ node }) => node === carrier)
        .flatMap(({ addresses }) => addresses),
    })),
    ...(lab.lines.length > 0 && {
      lines: lab.lines.map(({ name, link }) => {
        const { node, interface: iface } = endOf(topology, endsOf(link)[0], link);
        return { name, link, router: node, interface: iface };
      }),
    }),
    values,
    ...sharingOf(lab, topology),
    ...(lab.authorities.length > 0 && { identities: { authorities: lab.authorities, certificates } }),
  };
}

function sharingOf(lab: LoadedLab['lab'], { attachments }: Topology): Pick<PlannedLab, 'shared'> {
  const shared = Object.entries(lab['shared-addresses']).map(([name, nodes]) => ({
    name,
    nodes,
    addresses: attachments.filter(({ node }) => node === name).flatMap(({ addresses }) => addresses),
  }));
  return shared.length > 0 ? { shared } : {};
}

const endOf = ({ attachments }: Topology, node: string, link: string): PlannedLink['a'] => ({
  node,
  interface: attachments.find((one) => one.node === node && one.link === link)?.interface ?? '',
});

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
      .map((one) => planInterface(one, node, loaded.lab, topology, faulted)),
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
    ...(hasIdentity(node) && { identity: { certificates: node.certificates, trusts: node.trusts } }),
    programs: planPrograms(node, loaded, render),
  };
}

function planInterface(
  one: Attachment,
  node: LabNode,
  lab: LoadedLab['lab'],
  { attachments }: Topology,
  faulted: ReadonlySet<string>,
): PlannedInterface {
  const [address = null, ...extraAddresses] = one.addresses;
  const shared = Object.entries(lab['shared-addresses']).find(([, nodes]) => nodes.includes(node.name));
  const [sharedAddress] = attachments
    .filter((other) => other.node === shared?.[0] && other.segment === one.segment)
    .flatMap(({ addresses }) => addresses);
  const seesLine = lab.lines.some(({ link }) => link === one.link && endsOf(link)[0] === node.name);
  return {
    name: one.interface,
    link: one.link,
    address,
    prefixLength,
    extraAddresses,
    ...(sharedAddress !== undefined && { sharedAddress }),
    mac: one.mac,
    captured:
      isWitness(node) || seesLine || shared !== undefined || faulted.has(one.link) || faulted.has(node.name),
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

/**
 * Between the two legs of a call stands the PBX: what came to it and what it made of that is seen there. Who shows or
 * checks certificates does so in the open, before a connection is encrypted. Nameservers see who asks.
 */
const isWitness = (node: LabNode) =>
  callsFrom(node) || node.role === 'pbx' || node.role === 'nameserver' || hasIdentity(node);

const hasIdentity = ({ certificates, trusts }: LabNode) => certificates.length + trusts.length > 0;

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
