import assert from 'node:assert/strict';
import { fieldJson } from '../../src/report/field-json.js';
import { fieldText } from '../../src/report/field.js';
import { analyzeCaptures } from '../../src/run/analyze.js';

/** Analyses a capture, hearing and both reports included; throws if that throws, or says what cannot be. */
export async function checkAnalysis(path: string): Promise<void> {
  const analysis = await analyzeCaptures([path]);
  assert.ok([0, 1, 2].includes(analysis.exitCode), 'an exit code that is none');
  for (const { ears } of [...analysis.calls, ...analysis.loose])
    for (const ear of [ears.caller, ears.callee]) {
      if (!ear) continue;
      const shares = [ear.heardShare, ear.activeShare].filter((share) => share !== null);
      assert.ok(
        shares.every((share) => share >= 0 && share <= 1),
        'a share that is none',
      );
      assert.ok(
        ear.segments.every(({ fromMs, toMs }) => Number.isFinite(fromMs) && fromMs <= toMs),
        'a time that is none',
      );
    }
  JSON.parse([...fieldJson(analysis)].join(''));
  fieldText(analysis, { colour: false, calls: analysis.calls.map(({ number }) => number) });
}
