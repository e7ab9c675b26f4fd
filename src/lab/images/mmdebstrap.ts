import type { ImageRecipe } from '../../scenario/load-images.js';
import type { Mirror } from './mirror.js';

/** What nobody reads in a lab. Copyright files stay. */
const LEFT_OUT = ['doc', 'man', 'info', 'locale', 'lintian', 'bash-completion'];

/** Traces of the build and of the machine. Each node gets its own hosts, hostname and resolv.conf. */
const MACHINE_FILES = ['etc/resolv.conf', 'etc/hostname', 'etc/apt/apt.conf.d/99mmdebstrap'];

/**
 * The command that builds a root filesystem in a folder. It runs in pid and mount namespaces that end with the harness,
 * whatever ends that, and so do all processes and mounts of the build.
 */
export function buildCommand(
  recipe: ImageRecipe,
  { suite, lines }: Mirror,
  rootfs: string,
): [string, ...string[]] {
  const aptOptions = ['APT::Install-Recommends "false"', 'Acquire::Languages "none"', 'Acquire::Retries "3"'];
  // Mirrors of unstable may be behind, and snapshots always are.
  aptOptions.push('Acquire::Check-Valid-Until "false"');
  const dpkgOptions = [
    ...LEFT_OUT.map((folder) => `path-exclude=/usr/share/${folder}/*`),
    'path-include=/usr/share/doc/*/copyright',
    // Waits for the disk once, at the end, instead of for each file.
    'force-unsafe-io',
  ];
  const hooks = [
    ...(recipe.setup === null ? [] : [`chroot "$1" sh -eu -c ${quoted(recipe.setup)}`]),
    `cd "$1" && rm -f ${MACHINE_FILES.join(' ')}`,
  ];
  return [
    ...(['setpriv', '--pdeathsig', 'KILL'] as const),
    ...['unshare', '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', '--'],
    ...['mmdebstrap', '--mode=root', '--variant=essential', '--format=directory'],
    `--include=${recipe.packages.join(',')}`,
    ...aptOptions.map((option) => `--aptopt=${option}`),
    ...dpkgOptions.map((option) => `--dpkgopt=${option}`),
    ...hooks.map((hook) => `--customize-hook=${hook}`),
    ...[suite, rootfs, ...lines],
  ];
}

/** As one word of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
