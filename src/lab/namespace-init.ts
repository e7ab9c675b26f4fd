/**
 * First process of a node, inside its new namespaces. It makes the node's private places, tells its process id as
 * the host sees it, and then waits for the end of its standard input: when the harness dies, by whatever signal, the
 * pipe closes, this process (pid 1 of the node) ends, and the kernel takes every process of the node, its mounts and
 * its interfaces with it.
 *
 * Arguments: node name, configs folder, logs folder, captures folder, work folder, text of resolv.conf.
 */
export const NAMESPACE_INIT = `
set -eu
read -r host_pid rest </proc/self/stat
name=$1 configs=$2 logs=$3 captures=$4 work=$5 resolv=$6
echo "$name" >/proc/sys/kernel/hostname
mount -t proc proc /proc
# The folders are bound before /tmp and /run are covered: the run folder may be below either.
mount -t tmpfs -o mode=755,size=1m tmpfs /mnt
mkdir /mnt/configs /mnt/logs /mnt/captures /mnt/work
mount --bind "$configs" /mnt/configs
mount --bind "$logs" /mnt/logs
mount --bind "$captures" /mnt/captures
mount --bind "$work" /mnt/work
mount -t tmpfs -o mode=755,size=64m tmpfs /run
mkdir /run/node /run/lock
mount --rbind /mnt /run/node
mount -t tmpfs -o mode=1777,size=64m tmpfs /tmp
mount -t tmpfs -o mode=1777,size=256m tmpfs /dev/shm
target=$(readlink -m /etc/resolv.conf)
case $target in /run/*|/tmp/*) mkdir -p "$(dirname "$target")"; : >"$target";; esac
printf '%s' "$resolv" >/run/resolv.conf
mount --bind /run/resolv.conf "$target"
mount -o remount,bind,ro /
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
ip link set lo up
echo "ready $host_pid"
while read -r ignored; do :; done
`;
