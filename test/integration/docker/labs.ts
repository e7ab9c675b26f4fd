import type { TestEngine } from '../../fixtures/docker-engine.js';
export function labTests(_engine: () => TestEngine): void {}
