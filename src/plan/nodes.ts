import { dirname } from 'node:path';
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
import type { PlannedInterface, PlannedLab, PlannedNode, PlannedProgram, Readiness } from './types.js';

/** The lab of a plan: every name resolved, every config rendered. `impaired`: links that a fault touches. */
export function planLab(loaded: LoadedLab, scope: TemplateScope, impaired: ReadonlySet<string>): PlannedLab {
  const { lab, folder } = loaded;
  const { topology, values } = scope;
  return {
    name: lab.name,
    folder,
    nodes: lab.nodes.map((node) => planNode(node, loaded, scope, impaired)),
    links: lab.links.map(({ name }) => {
      const [a, b] = endsOf(name);
      const end = (node: string) => ({
        node,
        interface:
          topology.attachments.find((one) => one.node === node && one.link === name)?.interface ?? '',
      });
      return { name, a: end(a), b: end(b), impaired: impaired.has(name) };
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
  impaired: ReadonlySet<string>,
): PlannedNode {
  const { topology } = scope;
  const render = templatesOf(node.name, scope);
  const isSwitch = node.role === 'switch';
  return {
    name: node.name,
    role: node.role,
    interfaces: topology.attachments
      .filter((one) => one.node === node.name)
      .map((one) => planInterface(one, node, impaired)),
    routes: isSwitch ? [] : routesOf(topology, node.name),
    resolver: node.resolver === undefined ? null : resolverOf(node.name, node.resolver, scope),
    image: node.image === undefined ? null : (loaded.images[node.image] ?? null),
    registration: planRegistration(node, topology, scope.values, scope.seed),
    softphone: node.softphone ?? null,
    forwards: node.role === 'router',
    programs: node.programs.map((program) => planProgram(program, node, loaded, render)),
  };
}

function planInterface(one: Attachment, { role }: LabNode, impaired: ReadonlySet<string>): PlannedInterface {
  const [address = null, ...extraAddresses] = one.addresses;
  // Between the two legs of a call stands the PBX: what came to it and what it made of that is seen there.
  const hears = role === 'phone' || role === 'carrier' || role === 'pbx';
  return {
    name: one.interface,
    link: one.link,
    address,
    prefixLength,
    extraAddresses,
    mac: one.mac,
    captured: hears || impaired.has(one.link),
  };
}

function resolverOf(node: string, nameserver: string, { topology }: TemplateScope): string {
  const address = nearestAttachment(topology, nameserver, node)?.addresses[0];
  if (address === undefined)
    throw badLab('RESOLVER_UNREACHABLE', `${node} has no way to its resolver ${nameserver}.`);
  return address;
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
    command: program.run.map(fill),
    configs,
    ready: planReadiness(program.ready, fill),
  };
}

function planReadiness(ready: LabProgram['ready'], fill: (text: string) => string): Readiness {
  if (ready === 'exits') return { kind: 'exits' };
  if ('udp-bound' in ready) return { kind: 'udp-bound', port: ready['udp-bound'] };
  if ('sip-options' in ready) {
    const { address, port } = ready['sip-options'];
    return { kind: 'sip-options', address: fill(address), port };
  }
  return { kind: 'command', command: ready.command.map(fill), matches: ready.matches };
}

function badLab(code: string, what: string): DeadairError {
  return new DeadairError(code, what, { exitCode: ExitCode.badInput });
}
