import assert from 'node:assert/strict';
import { join } from 'node:path';
import { packageFolder } from '../../../src/base/package.js';
import { compilePlans } from '../../../src/plan/compile.js';
import type { RuntimeName } from '../../../src/plan/types.js';
import { findRecipe, loadRecipe, recipeNames } from '../../../src/scenario/load-images.js';
import { assertRefused, edited, labText, loadWith } from '../../fixtures/inputs.js';

const recipe = `description: Something small
packages: [kamailio]
provides: [kamailio]
`;

/** The standard lab, whose SBC has this image. */
const labWith = (image: string) => edited(labText, 'role: sbc\n', `role: sbc\n    image: ${image}\n`);
const load = (image: string, files: Record<string, string> = {}) =>
  loadWith({ 'lab/images/edge/image.yaml': recipe, ...files, 'lab/two-lines/lab.yaml': labWith(image) });
/** `image` of the SBC in the plan. */
function planned(image: string, files: Record<string, string> = {}, runtime: RuntimeName = 'docker') {
  const options = { seed: 1, defects: 'none', runtime, emulator: 'wire', repeat: 1 } as const;
  // Docker needs an image for every node that runs something.
  const lab = labWith(image).replaceAll(/role: (phone|carrier) /g, 'role: $1, image: edge ');
  const loaded = loadWith({ 'lab/images/edge/image.yaml': recipe, ...files, 'lab/two-lines/lab.yaml': lab });
  const [plan] = compilePlans(loaded, options);
  return plan?.lab.nodes.find(({ name }) => name === 'sbc')?.image;
}

const cases: [name: string, image: string, files: Record<string, string>, error: string][] = [
  [
    'an unknown recipe',
    'egde',
    {},
    'lab.yaml:9:12 IMAGE_UNKNOWN there is no image "egde" in lab/images. Did you mean "edge"?',
  ],
  ['a tarball that is not there', './pbx.tar', {}, 'lab.yaml:9:12 IMAGE_UNREADABLE there is no ./pbx.tar'],
  [
    'a folder without a Dockerfile',
    './pbx/',
    { 'lab/two-lines/pbx/README': 'x' },
    'lab.yaml:9:12 IMAGE_UNREADABLE the folder ./pbx/ has no Dockerfile.',
  ],
  ['an image of spaces', "'a b'", {}, 'lab.yaml:9:12 VALUE_INVALID expected a recipe of lab/images'],
  [
    'a recipe with an unknown key',
    'edge',
    { 'lab/images/edge/image.yaml': edited(recipe, 'packages', 'packges') },
    'image.yaml:2:1 KEY_UNKNOWN unknown key "packges". Did you mean "packages"?',
  ],
  [
    'a recipe of an unknown suite',
    'edge',
    { 'lab/images/edge/image.yaml': `${recipe}suite: unstabel\n` },
    'image.yaml:4:8 VALUE_INVALID expected one of host, unstable, not "unstabel". Did you mean "unstable"?',
  ],
  [
    'a recipe with an option for a package',
    'edge',
    { 'lab/images/edge/image.yaml': edited(recipe, '[kamailio]\np', '[--hook]\np') },
    'image.yaml:2:12 VALUE_INVALID expected the name of a Debian package, not "--hook".',
  ],
  ['an empty recipe', 'edge', { 'lab/images/edge/image.yaml': '' }, 'image.yaml:1:1 FILE_EMPTY'],
];

describe("a node's image", () => {
  for (const [name, image, files, error] of cases)
    it(`refuses ${name}`, () => assertRefused(() => load(image, files), error));

  it('is in the plan as a whole recipe', () => {
    assert.deepEqual(planned('edge'), {
      kind: 'recipe',
      recipe: {
        name: 'edge',
        description: 'Something small',
        suite: 'host',
        packages: ['kamailio'],
        provides: ['kamailio'],
        setup: null,
      },
    });
  });

  it('may be what only docker takes', () => {
    assert.deepEqual(planned('registry.example/pbx:17'), {
      kind: 'reference',
      reference: 'registry.example/pbx:17',
    });
    const tarball = planned('./pbx.tar', { 'lab/two-lines/pbx.tar': '' });
    assert.ok(tarball?.kind === 'tarball' && tarball.file.endsWith('/lab/two-lines/pbx.tar'));
    const built = planned('./pbx/', { 'lab/two-lines/pbx/Dockerfile': 'FROM scratch' });
    assert.ok(built?.kind === 'build-folder' && built.folder.endsWith('/lab/two-lines/pbx'));
  });

  it('is refused at its place by netns if it is for Docker', () => {
    assert.throws(
      () => planned('pbx:17', {}, 'netns'),
      /lab\.yaml:9:12: IMAGE_NEEDS_DOCKER: the image of sbc/,
    );
    assert.equal(planned('edge', {}, 'netns')?.kind, 'recipe');
    const tarball = planned('./pbx.tar', { 'lab/two-lines/pbx.tar': '' }, 'netns');
    assert.equal(tarball?.kind, 'tarball', 'whose programs the lab names');
  });

  it("may be one of deadair's own", () => {
    const image = planned('asterisk');
    assert.ok(image?.kind === 'recipe' && image.recipe.suite === 'unstable');
  });

  it('reads in every recipe that comes with deadair', () => {
    const roots = [join(packageFolder(), 'lab')];
    const names = recipeNames(roots);
    assert.ok(names.includes('asterisk'));
    for (const name of names) assert.ok('recipe' in loadRecipe(findRecipe(name, roots) ?? ''), name);
  });
});
