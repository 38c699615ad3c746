// What runs in a task's container beside its command: scripts for whatever /bin/sh the image has, with no other programs.

/**
 * `sh -c … sh ROWS COLUMNS NAMES PROGRAM ARGUMENT…`: tells its process id as the first line of its output, takes the named
 * variables out of the environment, and becomes the program, the leader of a session of its own. Docker gives a terminal
 * its size only while the program runs already; no ROWS: it has none.
 */
export const beginning = `
if [ -n "$1" ]; then stty rows "$1" cols "$2" 2>/dev/null; fi
echo $$
for name in $3; do unset "$name"; done
shift 3
exec "$@"
`;

/**
 * `sh -c … sh SESSION`: ends all processes of a session by SIGKILL, those too that are started meanwhile. Docker has no call
 * for it, and only numbers of processes as its own machine has them. In /proc/PID/stat the session is the fourth field after
 * the name, which stands in brackets.
 */
export const ending = `
leader=$1
for round in 1 2 3 4 5 6 7 8 9 10; do
  found=
  for stat in /proc/[0-9]*/stat; do
    { read -r line < "$stat"; } 2>/dev/null || continue
    set -- \${line##*) }
    if [ "$4" = "$leader" ] && [ "$1" != Z ]; then
      pid=\${stat#/proc/}
      found="$found \${pid%/stat}"
    fi
  done
  [ -n "$found" ] || break
  kill -9 $found 2>/dev/null
done
`;
