#!/bin/sh
# The tests of control groups on a kernel that has version 2 only: Linux as a user's process
# (Debian: `apt-get install user-mode-linux`), with this machine's files and no rights over it.
# Run as root, from a checkout with a .venv: tests/judge/on_cgroup_v2.sh [pytest arguments]
# It is emulated and slow: count on some minutes.
set -eu
if [ "$$" != 1 ]; then
    checkout=$(cd "$(dirname "$0")/../.." && pwd)
    kernel=${LINUX_UML:-linux.uml}
    place=$(mktemp -d)
    trap 'rm -rf "$place"' EXIT
    printf '%s\n' "$checkout" "$*" >"$place/what"
    "$kernel" mem=2048M root=/dev/root rootfstype=hostfs rootflags=/ rw quiet \
        con=null con0=null,fd:1 con1=null init="$checkout/tests/judge/on_cgroup_v2.sh" \
        -- "$place" </dev/null
    exit "$(cat "$place/code")"
fi
place=$1
export PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/root PYTHONDONTWRITEBYTECODE=1
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t cgroup2 none /sys/fs/cgroup
mkdir "$place/tmp"
mount -t tmpfs -o mode=1777 tmp "$place/tmp"
chmod 711 "$place"
export TMPDIR="$place/tmp"
{ read -r checkout; read -r arguments; } <"$place/what"
cd "$checkout"
code=0
# shellcheck disable=SC2086 # they are words
.venv/bin/python -m pytest -p no:cacheprovider -q tests/judge/test_cgroups.py tests/judge/on_cgroup_v2.py \
    $arguments || code=$?
echo "$code" >"$place/code"
echo o >/proc/sysrq-trigger
sleep 60
