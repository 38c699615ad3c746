#!/bin/sh
# In the place of the entry point and the systemd of an all-in-one image: what the real ones need, and the two services that
# they start, with their settings from the files that mesos-init-wrapper reads.
set -e
if [ $$ -ne 1 ]; then
  echo 'Trying to run as user instance, but the system has not been booted with systemd.' >&2
  exit 1
fi
effective=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
if [ $((0x$effective >> 21 & 1)) -eq 0 ]; then
  # systemd's own words where it may not mount what it needs.
  echo 'Failed to mount tmpfs at /run: Operation not permitted' >&2
  echo '[!!!!!!] Failed to mount API filesystems.' >&2
  exit 255
fi
service() (
  set -a
  . "/etc/default/$1"
  set +a
  exec "/usr/sbin/$1"
)
service mesos-master &
service mesos-agent &
trap 'kill $(jobs -p); exit 0' TERM INT RTMIN+3 2> /dev/null || trap 'kill $(jobs -p); exit 0' TERM INT
wait
