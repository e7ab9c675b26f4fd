import assert from 'node:assert/strict';
import { compilePlans, type CompileOptions } from '../../../src/plan/compile.js';
import type { DeadairError } from '../../../src/base/errors.js';
import { masksFor } from '../../../src/run/secrets.js';
import { edited, errorsOf, labText, loadWith } from '../../fixtures/inputs.js';

const SBC = '  - name: sbc\n    role: sbc\n';
const pbx = 'image: "registry.example/pbx:17"';
/** The standard lab with more keys on its SBC, and an image for whatever places calls. */
const labWith = (keys: string) =>
  edited(labText, SBC, `${SBC}    ${keys}\n`).replaceAll(
    /role: (phone|carrier) /g,
    'role: $1, image: "sipp:1" ',
  );
const compile = (lab: string, runtime: CompileOptions['runtime'], files: Record<string, string> = {}) => {
  const loaded = loadWith({ ...files, 'lab/two-lines/lab.yaml': lab });
  const [plan] = compilePlans(loaded, { seed: 1, defects: 'none', runtime, emulator: 'wire', repeat: 1 });
  return plan ?? assert.fail();
};
const node = (plan: ReturnType<typeof compile>, name: string) =>
  plan.lab.nodes.find((one) => one.name === name) ?? assert.fail(name);

describe('the runtime of a plan', () => {
  it('is netns unless a node needs Docker', () => {
    assert.equal(compile(labText, 'auto').runtime, 'netns');
    assert.equal(compile(labWith(pbx), 'auto').runtime, 'docker');
  });

  it('is refused where the lab asks for more than it has', () => {
    assert.throws(
      () => compile(edited(labText, SBC, `${SBC}    memory: 64M\n`), 'netns'),
      /lab\.yaml:9:13: NEEDS_DOCKER: the memory of sbc is for Docker/,
    );
    assert.throws(() => compile(labText, 'docker'), /lab\.yaml:4:5: NEEDS_IMAGE: desk has no image/);
  });

  it('gives a container what the lab says, with templates rendered', () => {
    const keys = [
      pbx,
      'environment: { HOME_IP: \'{{ip "sbc" "desk"}}\', LINES: 4 }',
      'memory: 1.5G',
      'cpus: 0.5',
      'files: { /etc/pbx/pbx.cfg: sbc/pbx.cfg.hbs, /etc/pbx/keys: sbc }',
    ].join('\n    ');
    const sbc = node(
      compile(labWith(keys), 'auto', { 'lab/two-lines/sbc/pbx.cfg.hbs': 'from {{node}}' }),
      'sbc',
    );
    assert.deepEqual(sbc.environment, { HOME_IP: sbc.interfaces[0]?.address, LINES: '4' });
    const [rendered, folder] = sbc.container.files;
    assert.deepEqual(rendered, { target: '/etc/pbx/pbx.cfg', config: { file: 'pbx.cfg', text: 'from sbc' } });
    assert.ok(folder && 'source' in folder && folder.source.endsWith('/lab/two-lines/sbc'));
    assert.deepEqual([sbc.container.memoryBytes, sbc.container.cpus], [1.5 * (1 << 30), 0.5]);
  });

  it('refuses two configs of one name on a node, whoever has them; one may serve two', () => {
    const proxy = { 'lab/two-lines/sbc/proxy.cfg.hbs': 'one' };
    const second = (path: string) =>
      edited(
        labText,
        '      - name: proxy\n',
        `      - { name: relay, run: [relay], configs: [${path}], ready: exits }\n      - name: proxy\n`,
      );
    const files = { ...proxy, 'lab/two-lines/relay/proxy.cfg.hbs': 'other' };
    assert.throws(() => compile(second('relay/proxy.cfg.hbs'), 'netns', files), {
      code: 'CONFIG_DUPLICATE',
      message: /sbc has two configs named proxy\.cfg, of relay and of proxy/,
    });
    assert.doesNotThrow(() => compile(second('sbc/proxy.cfg.hbs'), 'netns', files));
    const mounted = labWith(`${pbx}\n    files: { /etc/p.cfg: relay/proxy.cfg.hbs }`);
    assert.throws(() => compile(mounted, 'auto', files), { code: 'CONFIG_DUPLICATE' });
  });

  it("runs an image's own program where the lab names none, but for callers and callees", () => {
    const lab = edited(labWith(pbx), 'role: nameserver }', 'role: nameserver, image: "dns:1" }');
    const plan = compile(lab, 'auto');
    assert.deepEqual(node(plan, 'ns').programs, [
      { name: 'image', command: [], configs: [], ready: { kind: 'healthy' } },
    ]);
    assert.deepEqual(node(plan, 'desk').programs, []);
  });

  it('refuses a program without run that no image can bring, and files that are not there', () => {
    const withoutRun = edited(
      labText,
      'run: [proxy, --listen, \'{{ip "sbc" "desk"}}\', --probe, \'{{values.probe-s}}\']\n        ',
      '',
    );
    assert.match(
      errorsOf(() => compile(withoutRun, 'auto'))[0] ?? '',
      /lab\.yaml:11:9 RUN_MISSING a program needs a run/,
    );
    const missing = errorsOf(() => compile(labWith('files: { /etc/x: sbc/nothing.cfg }'), 'auto'));
    assert.match(
      missing[0] ?? '',
      /lab\.yaml:9:22 CONFIG_UNREADABLE cannot read the file "sbc\/nothing\.cfg"/,
    );
  });

  it('takes secrets from the environment only if they can be masked', () => {
    const plan = compile(labWith(`${pbx}\n    secrets: [PBX_PASSWORD]`), 'auto');
    const failure = (environment: NodeJS.ProcessEnv) => {
      try {
        masksFor([plan], environment);
      } catch (error) {
        return [(error as DeadairError).code, (error as DeadairError).exitCode];
      }
      return null;
    };
    assert.deepEqual(failure({}), ['SECRET_MISSING', 64]);
    assert.deepEqual(failure({ PBX_PASSWORD: 'short' }), ['SECRET_SHORT', 64]);
    assert.equal(failure({ PBX_PASSWORD: 'long enough' }), null);
    assert.ok(!JSON.stringify(plan).includes('long enough'));
    assert.equal(
      masksFor([plan], { PBX_PASSWORD: 'long enough' }).text('a long enough one'),
      'a *********** one',
    );
  });
});
