# Completes an id `$2` times in one bash. `$1`: what `nexus-registry completion bash` printed.
# shellcheck shell=bash disable=SC1090,SC2034
source "$1" || exit
COMP_LINE='nexus-registry has do' COMP_WORDS=(nexus-registry has do)
COMP_POINT=${#COMP_LINE} COMP_CWORD=2
for ((index = 0; index < $2; index++)); do
  _nexus_registry
done
[[ " ${COMPREPLY[*]} " == *' docker '* ]]
