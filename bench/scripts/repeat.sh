# Runs a command `$1` times, one after the other. Its output goes nowhere.
count=$1
shift
while [ "$count" -gt 0 ]; do
  "$@" >/dev/null || exit
  count=$((count - 1))
done
