import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI } from '../../fixtures/cli.js';

describe('deadair init', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'deadair-init-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const deadair = (...args: string[]) =>
    spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', cwd: folder });

  it('writes a folder whose scenario is valid, with the schema that it names', () => {
    const { status, stdout } = deadair('init', 'ours');
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^ours\/\.gitignore\nours\/README\.md\nours\/scenario\.schema\.json\nours\/scenarios\/slow-cut\.yaml\n/,
    );
    assert.match(deadair('validate', 'ours/scenarios').stdout, /^1 scenario is valid\n$/);
    const schema = JSON.parse(readFileSync(join(folder, 'ours', 'scenario.schema.json'), 'utf8')) as {
      properties: object;
    };
    assert.ok('timeline' in schema.properties);
  });

  it('overwrites nothing', () => {
    writeFileSync(join(folder, 'README.md'), 'mine');
    const { status, stderr } = deadair('init', '.');
    assert.equal(status, 64);
    assert.match(stderr, /^INIT_WOULD_OVERWRITE: .* has README\.md already\./);
    assert.equal(readFileSync(join(folder, 'README.md'), 'utf8'), 'mine');
  });
});

describe('deadair completion', () => {
  const script = (shell: string) =>
    spawnSync(process.execPath, [CLI, 'completion', shell], { encoding: 'utf8' }).stdout;

  it('completes commands and options in bash', () => {
    const complete = (...words: string[]) => {
      const ask = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _deadair; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['-c', `${script('bash')}\n${ask}`], { encoding: 'utf8', cwd: tmpdir() })
        .stdout.trim()
        .split('\n');
    };
    assert.deepEqual(complete('deadair', 'ana'), ['analyze']);
    assert.deepEqual(complete('deadair', 'run', '--def'), ['--defects']);
    assert.deepEqual(complete('deadair', 'trace', 'imp'), ['import']);
    assert.deepEqual(complete('deadair', 'run', '--runtime', ''), ['auto', 'netns', 'docker']);
    assert.deepEqual(complete('deadair', 'run', '--runtime', 'netns', '--qu'), ['--quiet']);
    assert.deepEqual(complete('deadair', 'schema', 'scenari'), ['scenario']);
  });

  it('has every command for fish and zsh', () => {
    assert.match(
      script('fish'),
      /-a doctor -d 'tell what this machine can do, and how to mend what it cannot'/,
    );
    assert.match(script('fish'), /-l runtime -d '.*' -x -a 'auto netns docker'$/m);
    assert.match(script('zsh'), /^autoload .*bashcompinit\n_deadair\(\)/);
  });
});
