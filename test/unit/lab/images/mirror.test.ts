import assert from 'node:assert/strict';
import { classicSources, deb822Sources } from '../../../../src/lab/images/apt-sources.js';
import { chooseMirror } from '../../../../src/lab/images/mirror.js';

const classic = `# a comment
deb [arch=amd64 signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian bookworm main contrib # why
deb http://mirror.example/debian bookworm-updates main
deb-src http://mirror.example/debian bookworm main
deb [trusted=yes] https://other.example/apt bookworm stable
deb https://other.example/db bookworm-db main
#deb http://mirror.example/debian bookworm-backports main
deb cdrom:[Debian]/ bookworm main
`;
const deb822 = `Types: deb deb-src
# in between
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian.gpg

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----
`;
const debian = { id: 'debian', codename: 'bookworm' };
const host = { name: 'sbc', suite: 'host' } as const;
const unstable = { name: 'pbx', suite: 'unstable' } as const;

describe("the machine's apt sources", () => {
  it('are read in the classic format', () => {
    assert.deepEqual(
      classicSources(classic).map(({ uri, suite, components, signedBy }) => [
        uri,
        suite,
        components.join(),
        signedBy,
      ]),
      [
        ['http://mirror.example/debian', 'bookworm', 'main,contrib', '/usr/share/keyrings/debian.gpg'],
        ['http://mirror.example/debian', 'bookworm-updates', 'main', null],
        ['https://other.example/apt', 'bookworm', 'stable', null],
        ['https://other.example/db', 'bookworm-db', 'main', null],
        ['cdrom:[Debian]/', 'bookworm', 'main', null],
      ],
    );
  });

  it('are read as deb822, without what is disabled or has its key in the text', () => {
    assert.deepEqual(
      deb822Sources(deb822).map(({ uri, suite, components, signedBy }) => [
        uri,
        suite,
        components.join(),
        signedBy,
      ]),
      [
        ['http://mirror.example/debian', 'bookworm', 'main', '/usr/share/keyrings/debian.gpg'],
        ['http://mirror.example/debian', 'bookworm-updates', 'main', '/usr/share/keyrings/debian.gpg'],
        ['http://security.example/debian-security', 'bookworm-security', 'main', null],
      ],
    );
  });
});

describe('the mirror of an image', () => {
  it("of the host's suite has all that the host's own distribution has, and nobody else's packages", () => {
    for (const sources of [classicSources(classic), deb822Sources(deb822)]) {
      const { suite, lines } = chooseMirror(host, debian, sources, undefined);
      assert.equal(suite, 'bookworm');
      assert.match(
        lines[0] ?? '',
        /^deb \[signed-by=\/usr\/share\/keyrings\/debian\.gpg\] http:\/\/mirror\.example\/debian bookworm main/,
      );
      assert.match(lines[1] ?? '', /http:\/\/mirror\.example\/debian bookworm-updates main$/);
      assert.ok(lines.every((line) => !/other\.example|off\.example|cdrom/.test(line)));
    }
    assert.equal(chooseMirror(host, debian, deb822Sources(deb822), undefined).lines.length, 3);
  });

  it('of unstable is the one that a Debian host has its own suite from', () => {
    assert.deepEqual(chooseMirror(unstable, debian, deb822Sources(deb822), undefined), {
      suite: 'unstable',
      lines: ['deb http://mirror.example/debian unstable main'],
    });
  });

  it('of unstable has to be named on any other distribution', () => {
    const ubuntu = { id: 'ubuntu', codename: 'noble' };
    const sources = classicSources('deb http://mirror.example/ubuntu noble main\n');
    assert.throws(() => chooseMirror(unstable, ubuntu, sources, undefined), {
      code: 'IMAGE_NOT_BUILT',
      exitCode: 3,
      fix: /DEADAIR_DEBIAN_MIRROR/,
    });
    assert.deepEqual(chooseMirror(unstable, ubuntu, sources, 'http://given.example/debian').lines, [
      'deb http://given.example/debian unstable main',
    ]);
    assert.throws(() => chooseMirror(host, { id: '', codename: '' }, [], undefined), {
      code: 'IMAGE_NOT_BUILT',
    });
  });
});
