# nexus-registry in bash: NEXUS_HAS_* from this line on, and right again before every prompt. While the answer that was
# kept is good, nothing is started for that. When it is good is written down under "Freshness" in ARCHITECTURE.md.
#
#   nexus_has docker && …    whether something is here; nexus_has nodejs '>=20' asks for its version too
#   nexus_detect_tools       looks at everything now, writes it into the registries, and exports it

_nexus_version=0.1.0
# The launcher of the installation that this file lies in, else the one on PATH.
if [ -z "${_nexus_registry_program-}" ]; then
  _nexus_registry_program=${BASH_SOURCE[0]%/*}/..
  if [ -e "$_nexus_registry_program/dist/main.cjs" ]; then
    _nexus_registry_program=$_nexus_registry_program/bin/nexus-registry
  else
    _nexus_registry_program=nexus-registry
  fi
fi

# What was loaded: the script of the answer, and when that was looked for. Where the program keeps nothing: what it was
# asked with.
_nexus_registry_answer='' _nexus_registry_checked='' _nexus_registry_unkept=''
# When a refresh was asked for, in seconds.
_nexus_registry_refreshed=0

# --- conditions of an answer's script; bin/nexus-registry has the same ones ---
_nexus_registry_asked() {
  [ "$1" = "$_nexus_version" ] && [ "$2" = "${PATH-}" ] && [ "$3" = "${VIRTUAL_ENV-}" ] &&
    [ "$4" = "${CONDA_PREFIX-}" ] && [ "$5" = "${PYENV_VERSION-}" ] && [ "$6" = "${KUBECONFIG-}" ] &&
    [ "$7" = "${HOME-}" ] && [ "$8" = "${XDG_CONFIG_HOME-}" ] && [ "$9" = "${XDG_DATA_HOME-}" ] &&
    [ "${10}" = "${XDG_STATE_HOME-}" ] && [ "${11}" = "${NEXUS_REGISTRY_HOME-}" ] &&
    [ "${12}" = "${NEXUS_REGISTRY_PYTHON-}" ] && [ "${13}" = "${NEXUS_REGISTRY_TIMEOUT-}" ]
}

_nexus_registry_home() {
  _nexus_definitions=$2
  _nexus_read "$_nexus_cache/homes/$1.sh"
}

_nexus_registry_defines() { [ "$1" = "$_nexus_definitions" ]; }

_nexus_registry_verified() { _nexus_verified=$1; }

_nexus_registry_absent() { [ ! -e "$1" ]; }

# It leads where it did, and its time lies between two marks. Shells that see only whole seconds can tell when none of
# them has passed unseen: the last change came in an earlier second than the look.
_nexus_registry_same() {
  [ "$3" = "$4" ] || [ "$3" -ef "$4" ] || return 1
  if [ -z "$_nexus_unit" ]; then
    if [ "$_nexus_times/2" -nt "$_nexus_times/1" ]; then _nexus_unit=1; else _nexus_unit=1000; fi
  fi
  if [ "$_nexus_unit" = 1 ]; then
    _nexus_low=$(($1 - 1)) _nexus_high=$(($1 + 2))
  else
    [ "$(($1 / 1000))" -lt "$((_nexus_verified / 1000))" ] || return 1
    _nexus_low=$((($1 / 1000 - 1) * 1000)) _nexus_high=$((($1 / 1000 + 1) * 1000))
  fi
  # A mark that is missing proves nothing, whichever way a shell compares with it.
  [ "$_nexus_times/$_nexus_high" -nt "$3" ] || return 1
  # A file that is missing is newer than nothing.
  if [ "$_nexus_low" -le 0 ]; then
    [ -e "$3" ]
  else
    [ -e "$_nexus_times/$_nexus_low" ] && [ "$3" -nt "$_nexus_times/$_nexus_low" ]
  fi
}

_nexus_registry_text() {
  [ "$1" != "$_nexus_form" ] || _nexus_text=$2
}

# Only this user can have written it, and it is where it should be.
_nexus_read() {
  [ -f "$1" ] && [ -O "$1" ] && [ ! -h "$1" ] && command . "$1"
}
# --- end of conditions ---

_nexus_registry_aged() {
  _nexus_checked=$1 _nexus_is_stale=0
  if ((_nexus_now * 1000 + 999 < $1 || _nexus_now * 1000 > $2)); then _nexus_is_stale=1; fi
}

# Finds the good answer: the one that was loaded before, or another one that is kept.
_nexus_registry_find() {
  local options=$- scripts has_failglob=0
  [ -O "$_nexus_cache" ] && [ -O "$_nexus_cache/answers" ] || return 1
  # Patterns have to find files here, and where there are none that is no error.
  if shopt -q failglob; then has_failglob=1; fi
  set +f
  shopt -u failglob
  scripts=("$_nexus_registry_answer" "$_nexus_cache"/answers/*/answer.sh)
  if [ "$has_failglob" = 1 ]; then shopt -s failglob; fi
  case $options in *f*) set -f ;; esac
  for _nexus_script in "${scripts[@]}"; do
    _nexus_text=''
    if _nexus_read "$_nexus_script" && [ -n "$_nexus_text" ]; then return 0; fi
  done 2>/dev/null
  return 1
}

# Exports the answer that is kept, unless that is the one that was loaded. Where there is none, the program looks, and
# keeps one.
_nexus_registry_load() {
  local _nexus_cache=${HOME-}/.cache/nexus-registry _nexus_times _nexus_form=bash _nexus_unit='' _nexus_low _nexus_high
  local _nexus_script _nexus_text _nexus_definitions _nexus_verified _nexus_checked _nexus_is_stale=0
  local _nexus_now=${EPOCHSECONDS-} asked
  case ${XDG_CACHE_HOME-} in /*) _nexus_cache=$XDG_CACHE_HOME/nexus-registry ;; esac
  _nexus_times=$_nexus_cache/times
  # bash before 5.0, and the one before 4.2.
  [ -n "$_nexus_now" ] || printf -v _nexus_now '%(%s)T' -1 2>/dev/null || _nexus_now=$(date +%s)
  asked=${PATH-}:${VIRTUAL_ENV-}:${CONDA_PREFIX-}:${PYENV_VERSION-}:${KUBECONFIG-}
  if ! _nexus_registry_find; then
    [ "$asked" != "$_nexus_registry_unkept" ] || return 0
    eval "$("$_nexus_registry_program" env --shell bash)"
    _nexus_registry_find || _nexus_registry_unkept=$asked
  fi
  [ -n "$_nexus_text" ] || return 0
  if [ "$_nexus_script:$_nexus_checked" != "$_nexus_registry_answer:$_nexus_registry_checked" ]; then
    eval "$_nexus_text"
    _nexus_registry_answer=$_nexus_script _nexus_registry_checked=$_nexus_checked
  fi
  # A stale answer is good until the refresh is done. The program sees to it that only one is started, by whatever shell.
  if [ "$_nexus_is_stale" = 1 ] && ((_nexus_now > _nexus_registry_refreshed + 60)); then
    _nexus_registry_refreshed=$_nexus_now
    ("$_nexus_registry_program" env --shell bash </dev/null >/dev/null 2>&1 &)
  fi
}

_nexus_registry_prompt() {
  local code=$?
  _nexus_registry_load || :
  # What others do at prompts may want to know it. With errexit that would end the shell.
  case $- in *e*) ;; *) return "$code" ;; esac
}

nexus_has() {
  local name=${1-}
  name=${name##*/}
  name=${name//-/_}
  # bash before 4.0 needs a program for that.
  if ((BASH_VERSINFO[0] > 3)); then name=${name^^}; else name=$(printf '%s' "$name" | tr '[:lower:]' '[:upper:]'); fi
  case $#:$name in 1:*[!A-Z0-9_]*) name='' ;; 1:*) ;; *) name='' ;; esac
  name=NEXUS_HAS_$name
  if [ -n "${!name+set}" ]; then [ "${!name}" = 1 ]; else "$_nexus_registry_program" has "$@"; fi
}

nexus_detect_tools() {
  local text code=0
  text=$("$_nexus_registry_program" env --fresh --shell bash) || code=$?
  eval "$text"
  return "$code"
}

# A string, and from bash 5.1 on it may be a list: its first command runs first either way.
case ${PROMPT_COMMAND[*]-} in
  *_nexus_registry_prompt*) ;;
  *) PROMPT_COMMAND[0]="_nexus_registry_prompt${PROMPT_COMMAND[0]:+;${PROMPT_COMMAND[0]}}" ;;
esac
_nexus_registry_load || :
