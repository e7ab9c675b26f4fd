import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followLog, parseCallLogLine, type CallLogLine } from '../../src/calls/call-log.js';

describe('the call log', () => {
  it('reads a line with and without the other party', () => {
    assert.deepEqual(parseCallLogLine('answered out-7@1f.deadair 20012 198.18.1.3 40002'), {
      state: 'answered',
      sipCallId: 'out-7@1f.deadair',
      localPort: 20012,
      remote: { address: '198.18.1.3', port: 40002 },
    });
    assert.equal(parseCallLogLine('ended out-7@1f.deadair 20012')?.remote, null);
  });

  it("passes over what isn't its own", () => {
    for (const line of ['', 'Warning: something', 'answered only-this', 'rang out-1@x 20000'])
      assert.equal(parseCallLogLine(line), null, line);
  });

  it('follows a file as it grows, also when a line comes in pieces', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deadair-'));
    const path = join(folder, 'calls.log');
    await writeFile(path, 'placed out-1@x 20000\nplaced ou');
    const lines: CallLogLine[] = [];
    let follower: AsyncDisposable | undefined;
    await new Promise<void>((third, failed) => {
      const onLine = (line: CallLogLine) => {
        lines.push(line);
        if (lines.length === 3) third();
      };
      followLog(path, parseCallLogLine, onLine)
        .then(async (following) => {
          follower = following;
          await appendFile(path, 't-2@x 20002\n');
          await appendFile(path, 'ended out-1@x 20000\n');
        })
        .catch(failed);
    });
    await follower?.[Symbol.asyncDispose]();
    assert.deepEqual(
      lines.map((line) => `${line.state} ${line.sipCallId}`),
      ['placed out-1@x', 'placed out-2@x', 'ended out-1@x'],
    );
    await rm(folder, { recursive: true });
  });
});
