import { join } from 'node:path';
import Handlebars from 'handlebars';
import { DeadairError, ExitCode, messageOf } from '../base/errors.js';
import type { SourcePlace } from '../base/errors.js';
import { nearest, suggestion } from '../base/nearest.js';
import type { Service } from '../scenario/lab-phones.js';
import type { TemplateValue } from '../scenario/lab-schema.js';
import type { Attachment, Topology } from './addresses.js';
import type { TemplatePhone } from './phones.js';
import type { PlannedRecord } from './planned-lab.js';
import { nearestAttachment } from './routes.js';

export interface TemplateScope {
  topology: Topology;
  values: Record<string, TemplateValue>;
  numbers: Record<string, string>;
  services: Record<string, Service>;
  phones: readonly TemplatePhone[];
  /** Of the lab's zone; none if it has none. */
  records: readonly PlannedRecord[];
  /** Seed of the run, for secrets. */
  seed: number;
}

/** Renders `text`; `file` is for errors, which are DeadairErrors with exit 64. */
export type Render = (file: string, text: string) => string;

/**
 * A renderer for the templates of one node. They know `values.<name>`, `node`, the lists `phones` (those that register:
 * name, extension, secret, number) `services` (name, extension, number) and `records` (those of the lab's zone: name, type, ttlS, data), and
 * the helpers
 * - `ip X [Y]`: address of X on the segment it shares with Y, or else its nearest to Y; Y is the template's own node
 *   unless given;
 * - `ip2 X [Y]`: its second address there;
 * - `subnet X [Y]`: that segment, such as 198.18.1.0/24;
 * - `interface X Y`: name of the interface of X there;
 * - `number X`: the number of a phone, or of carrier-number;
 * - `extension X`: that of a phone that registers;
 * - `service X`: what phones dial for a service of the lab;
 * - `option NAME`: a value of the lab, or false where it has none: for templates that several labs share;
 * - `eq A B`: for `{{#if (eq …)}}`.
 */
export function templatesOf(
  node: string,
  { topology, values, numbers, services, phones, records }: TemplateScope,
): Render {
  const engine = Handlebars.create();
  const at = (name: unknown, from: unknown): Attachment =>
    attachmentFor(topology, String(name), optional(from) ?? node);
  engine.registerHelper({
    ip: (name, from) => at(name, from).addresses[0],
    ip2: (name, from) => secondAddress(at(name, from)),
    subnet: (name, from) => topology.segments[at(name, from).segment]?.subnet,
    interface: (name, from) => at(name, from).interface,
    number: (name: string) => known(numbers, name, 'number for', 'numbers'),
    extension: (name: string) =>
      known(Object.fromEntries(phones.map((phone) => [phone.name, phone])), name, 'phone', 'phones')
        .extension,
    service: (name: string) => known(services, name, 'service', 'services').extension,
    option: (name: string) => (Object.hasOwn(values, name) ? values[name] : false),
    eq: (a: unknown, b: unknown) => a === b,
  });
  const scope = {
    values,
    node,
    phones,
    records,
    services: Object.entries(services).map(([name, { extension, number = '' }]) => ({
      name,
      extension,
      number,
    })),
  };
  return (file, text) => {
    try {
      const program = engine.parseWithoutProcessing(text);
      new MissingValues(file, values).accept(program);
      return engine.compile(program, { strict: true, noEscape: true })(scope);
    } catch (error) {
      throw error instanceof DeadairError ? error : invalid(file, error);
    }
  };
}

/** Finds every value that isn't there, also in branches that are not taken: strict mode misses helpers' arguments. */
class MissingValues extends Handlebars.Visitor {
  constructor(
    private readonly file: string,
    private readonly values: Record<string, TemplateValue>,
  ) {
    super();
  }

  override PathExpression(path: hbs.AST.PathExpression): void {
    const [first, name] = path.parts as unknown as [string?, string?];
    if (first !== 'values' || name === undefined || Object.hasOwn(this.values, name)) return;
    const { line, column } = path.loc.start;
    throw new DeadairError(
      'TEMPLATE_VALUE_MISSING',
      `${this.file} uses the value "${name}", which the lab doesn't have.`,
      {
        exitCode: ExitCode.badInput,
        fix: suggestion(name, Object.keys(this.values), 'values'),
        place: { file: this.file, line, column: column + 1 },
      },
    );
  }
}

function known<T>(of: Record<string, T>, name: string, thing: string, things: string): T {
  const found = Object.hasOwn(of, name) ? of[name] : undefined;
  if (found === undefined)
    throw new Error(`no ${thing} "${name}". ${suggestion(name, Object.keys(of), things)}`);
  return found;
}

function attachmentFor(topology: Topology, node: string, from: string): Attachment {
  const nodes = [...new Set(topology.attachments.map((one) => one.node))];
  for (const name of [node, from])
    if (!nodes.includes(name))
      throw new Error(
        `no node "${name}" on any link. ${nearest(name, nodes) === null ? '' : suggestion(name, nodes, 'nodes')}`,
      );
  const found = nearestAttachment(topology, node, from);
  if (!found) throw new Error(`${from} has no way to ${node}`);
  return found;
}

function secondAddress({ node, link, addresses }: Attachment): string {
  const [, second] = addresses;
  if (second === undefined)
    throw new Error(`${node} has one address on ${link}: give it extra-addresses in lab.yaml`);
  return second;
}

/** Handlebars hands a helper its options object after the last argument. */
const optional = (argument: unknown): string | undefined =>
  typeof argument === 'string' ? argument : undefined;

function invalid(file: string, cause: unknown): DeadairError {
  const place = placeOf(file, cause);
  return new DeadairError('TEMPLATE_INVALID', `${file}: ${messageOf(cause).replace(/\.$/, '')}.`, {
    exitCode: ExitCode.badInput,
    cause,
    ...(place ? { place } : {}),
  });
}

function placeOf(file: string, cause: unknown): SourcePlace | null {
  const { lineNumber, column } = cause as { lineNumber?: number; column?: number };
  if (lineNumber === undefined || column === undefined) return null;
  return { file, line: lineNumber, column: column + 1 };
}

/** `sbc/kamailio.cfg.hbs` → `kamailio.cfg`; a file without `.hbs` is taken as it is. */
export function renderConfig(
  render: Render,
  folder: string,
  path: string,
  text: string,
): { file: string; text: string } {
  const file = path.slice(path.lastIndexOf('/') + 1);
  if (!file.endsWith('.hbs')) return { file, text };
  return { file: file.slice(0, -'.hbs'.length), text: render(join(folder, path), text) };
}
