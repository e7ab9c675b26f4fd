import assert from 'node:assert/strict';
import { DiskShelves } from '../../../src/run/analyze-shelf.js';
import type { Finding } from '../../../src/measures/field/types.js';

const finding = (code: string): Finding => ({
  code,
  severity: 'note',
  calls: [],
  summary: '–',
  evidence: [{ file: 'a.pcap', frame: 1 }],
});

describe('results of an analysis, kept in files', () => {
  it('come back as they were, in order of their places, and in the order they came in at one place', () => {
    using shelves = new DiskShelves();
    const { findings } = shelves;
    const added = [
      [finding('C'), 7],
      [finding('D'), 2 ** 41],
      [finding('A'), 1],
      [finding('B'), 1],
    ] as const;
    for (const [item, place] of added) findings.add(item, place);
    const [c, d, a, b] = added.map(([item]) => item);
    assert.equal(findings.length, 4);
    assert.deepEqual([...findings], [a, b, c, d]);
    assert.deepEqual([...findings], [a, b, c, d], 'once more');
    findings.add(finding('E'), 0);
    assert.deepEqual(
      [...findings].map(({ code }) => code),
      ['E', 'A', 'B', 'C', 'D'],
    );
    assert.deepEqual([...shelves.calls], []);
  });

  it('keeps what JSON would not', () => {
    using shelves = new DiskShelves();
    const odd = { ...finding('A'), calls: [Infinity], evidence: [{ file: 'ä\u{1F4DE}', atMs: -0 }] };
    shelves.findings.add(odd, 1);
    assert.deepEqual([...shelves.findings], [odd]);
  });

  it('says where there is no room', () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = '/nowhere/at/all';
    try {
      assert.throws(() => new DiskShelves(), { code: 'RESULTS_UNKEPT', exitCode: 3 });
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});
