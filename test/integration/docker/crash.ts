import type { TestEngine } from '../../fixtures/docker-engine.js';
export function crashTests(_engine: () => TestEngine): void {}
