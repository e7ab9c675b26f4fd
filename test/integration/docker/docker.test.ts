import { startEngine, type TestEngine } from '../../fixtures/docker-engine.js';
import { crashTests } from './crash.js';
import { engineTests } from './engine.js';
import { imageTests } from './images.js';
import { labTests } from './labs.js';
import { leftoverTests } from './leftovers.js';
import { nodeTests } from './nodes.js';
import { ownPbxTests } from './own-pbx.js';
import { refusalTests } from './refusals.js';

/** One engine for all of them: starting it, and getting images into it, is what takes long. */
describe('the docker runtime', function () {
  this.timeout(120_000);
  let started: TestEngine | undefined;
  const engine = () => {
    if (!started) throw new Error('the engine has not been started');
    return started;
  };
  before(async () => {
    started = await startEngine();
  });
  after(async () => await started?.[Symbol.asyncDispose]());

  describe('finds its engine', engineTests);
  describe('gets images', () => imageTests(engine));
  describe('starts nodes', () => nodeTests(engine));
  describe('sweeps', () => leftoverTests(engine));
  describe('says why it can not, when', () => refusalTests(engine));
  describe('runs labs', () => labTests(engine));
  describe('takes your own PBX', () => ownPbxTests(engine));
  describe('dies', () => crashTests(engine));
});
