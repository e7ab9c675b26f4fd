import assert from 'node:assert/strict';
import { startWire } from '../../src/emulator/wire.js';
import { startScratchNamespace } from '../integration/scratch-namespace.js';
import { conformanceCases } from './cases.js';
import type { PacketRecord } from './checks.js';
import { meet } from './links.js';

describe('conformance of wire', () => {
  let records: PacketRecord[][];

  before(async () => {
    await using left = await startScratchNamespace();
    await using right = await startScratchNamespace();
    await using wire = await startWire({ seed: 3 });
    records = await meet(wire, conformanceCases, left, right);
  });

  for (const [index, { title, checks, controls }] of conformanceCases.entries())
    it(title, () => {
      for (const { holds, detail } of checks(records[index]!)) assert.ok(holds, detail);
      for (const { holds, detail } of controls(records[index]!))
        assert.ok(!holds, `control not noticed: ${detail}`);
    });
});
