/** The host's own files are the node's root, read-only; what is private lies over them. */
const HOST_ROOT = `
mount -t proc proc /proc
mount -t tmpfs -o mode=755,size=64m tmpfs /run
mkdir /run/node /run/lock
mount --rbind /mnt/node /run/node
mount -t tmpfs -o mode=1777,size=64m tmpfs /tmp
mount -t tmpfs -o mode=1777,size=256m tmpfs /dev/shm
target=$(readlink -m /etc/resolv.conf)
case $target in /run/*|/tmp/*) mkdir -p "$(dirname "$target")"; : >"$target";; esac
printf '%s' "$resolv" >/run/resolv.conf
mount --bind /run/resolv.conf "$target"
mount -o remount,bind,ro /
`;

/**
 * An image's files are the node's root, with the node's disk over them: what the node writes goes there, and never into
 * the image. The host's files are gone in the end, so nothing of the image may be needed here. The last step, taking
 * away the host's root, is done by a process that sits in a copy of it from before: its programs are at hand, and what
 * it takes away isn't its own.
 */
const IMAGE_ROOT = `
new=/mnt/root
mkdir /mnt/host /mnt/lower /mnt/disk $new
mount --rbind / /mnt/host
mount --bind "$rootfs" /mnt/lower
mount --bind "$disk" /mnt/disk
mkdir -p /mnt/disk/upper /mnt/disk/scratch
mount -t overlay -o lowerdir=/mnt/lower,upperdir=/mnt/disk/upper,workdir=/mnt/disk/scratch overlay $new || {
  echo "overlayfs can't keep the node's disk in $disk: give --out a place on ext4, xfs or tmpfs." >&2
  exit 1
}
mkdir -p $new/proc $new/sys $new/dev $new/run $new/tmp $new/etc
mount -t proc proc $new/proc
mount -t sysfs -o ro sysfs $new/sys
mount -t tmpfs -o mode=755,size=64m tmpfs $new/run
mkdir $new/run/node $new/run/lock $new/run/host
mount --rbind /mnt/node $new/run/node
mount -t tmpfs -o mode=1777,size=64m tmpfs $new/tmp

mount -t tmpfs -o mode=755,size=1m tmpfs $new/dev
mknod -m 666 $new/dev/null c 1 3
mknod -m 666 $new/dev/zero c 1 5
mknod -m 666 $new/dev/full c 1 7
mknod -m 666 $new/dev/random c 1 8
mknod -m 666 $new/dev/urandom c 1 9
mknod -m 666 $new/dev/tty c 5 0
mkdir $new/dev/pts $new/dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts $new/dev/pts
ln -s pts/ptmx $new/dev/ptmx
mount -t tmpfs -o mode=1777,size=256m tmpfs $new/dev/shm
ln -s /proc/self/fd $new/dev/fd
for stream in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/\${stream%:*}" "$new/dev/\${stream#*:}"; done

rm -f $new/etc/resolv.conf $new/etc/hostname $new/etc/hosts
printf '%s' "$resolv" >$new/etc/resolv.conf
echo "$name" >$new/etc/hostname
printf '127.0.0.1 localhost\\n127.0.1.1 %s\\n' "$name" >$new/etc/hosts

mkfifo /mnt/seated /mnt/pivoted
exec 3<>/mnt/seated 4<>/mnt/pivoted
nsenter --root=/mnt/host --wd=$new -- sh -ec '
  echo seated >&3
  read -r pivoted <&4
  umount --no-canonicalize --lazy run/host
  rmdir run/host
' &
read -r seated <&3
cd $new
pivot_root . run/host
echo pivoted >&4
wait $!
exec 3>&- 4>&-
`;

/**
 * First process of a node, inside its new namespaces. It makes the node's private places, tells its process id as
 * the host sees it, and then waits for the end of its standard input: when the harness dies, by whatever signal, the
 * pipe closes, this process (pid 1 of the node) ends, and the kernel takes every process of the node, its mounts and
 * its interfaces with it.
 *
 * Arguments: node name, configs folder, logs folder, work folder, text of resolv.conf, and for a node with an image its
 * root filesystem and the folder of the node's disk; both empty otherwise.
 */
export const NAMESPACE_INIT = `
set -eu
read -r host_pid rest </proc/self/stat
name=$1 configs=$2 logs=$3 work=$4 resolv=$5 rootfs=$6 disk=$7
echo "$name" >/proc/sys/kernel/hostname
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
ip link set lo up
# Bound before /tmp and /run are covered, since the run folder may be below either; and to names without : and , which
# mean something to overlayfs.
mount -t tmpfs -o mode=755,size=1m tmpfs /mnt
mkdir /mnt/node /mnt/node/configs /mnt/node/logs /mnt/node/work
mount --bind "$configs" /mnt/node/configs
mount --bind "$logs" /mnt/node/logs
mount --bind "$work" /mnt/node/work
if [ -z "$rootfs" ]; then
${HOST_ROOT}
else
${IMAGE_ROOT}
fi
echo "ready $host_pid"
while read -r ignored; do :; done
`;
