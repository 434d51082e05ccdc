# nexus-registry in bash: NEXUS_HAS_* from this line on, and right again before every prompt. While the answer that was
# kept is good, nothing is started for that. When it is good is written down in docs/internals/freshness.md.
#
#   nexus_has docker && …    whether something is here; nexus_has nodejs '>=20' asks for its version too
#   nexus_detect_tools       looks at everything now, writes it into the registries, and exports it

_nexus_version=0.2.0
# Sets `_nexus_registry_program` to an absolute path: that of the installation which this file lies in, else what PATH
# leads to. A relative name would be another program in each directory.
_nexus_registry_locate() {
  local root=${BASH_SOURCE[0]%/*}/.. name=${_nexus_registry_program-} rest=${PATH-}: element
  case $name in /*) return ;; esac
  case $root in /*) ;; *) root=$PWD/$root ;; esac
  if [ -z "$name" ] && [ -e "$root/dist/main.cjs" ]; then
    _nexus_registry_program=$root/bin/nexus-registry
    return
  fi
  _nexus_registry_program=''
  while [ -n "$rest" ]; do
    element=${rest%%:*} rest=${rest#*:}
    case $element in /*) ;; *) continue ;; esac
    if [ -f "$element/${name:-nexus-registry}" ] && [ -x "$element/${name:-nexus-registry}" ]; then
      _nexus_registry_program=$element/${name:-nexus-registry}
      return
    fi
  done
}
_nexus_registry_locate

# What was loaded: the script of the answer, and when that was looked for. Where the program keeps nothing: what it was
# asked with.
_nexus_registry_answer='' _nexus_registry_checked='' _nexus_registry_unkept=''
# When a refresh was asked for, in seconds.
_nexus_registry_refreshed=0

# --- conditions of an answer's script; bin/nexus-registry has the same ones ---
_nexus_registry_asked() {
  [ "$1" = "$_nexus_version" ] && [ "$2" = "${VIRTUAL_ENV-}" ] && [ "$3" = "${CONDA_PREFIX-}" ] &&
    [ "$4" = "${PYENV_VERSION-}" ] && [ "$5" = "${KUBECONFIG-}" ] && [ "$6" = "${HOME-}" ] &&
    [ "$7" = "${XDG_CONFIG_HOME-}" ] && [ "$8" = "${XDG_DATA_HOME-}" ] && [ "$9" = "${XDG_STATE_HOME-}" ] &&
    [ "${10}" = "${NEXUS_REGISTRY_HOME-}" ] && [ "${11}" = "${NEXUS_REGISTRY_PYTHON-}" ] &&
    [ "${12}" = "${NEXUS_REGISTRY_TIMEOUT-}" ]
}

# PATH leads to these directories in this order, however it is spelled. Missing, relative and repeated elements do not
# count. The lines below check the elements of the spelling that is named here.
_nexus_registry_path() {
  _nexus_is_walked=0
  [ "$1" != "${PATH-}" ] || return 0
  _nexus_is_walked=1 _nexus_rest=${PATH-}: _nexus_next=1
  shift
  while [ -n "$_nexus_rest" ]; do
    _nexus_element=${_nexus_rest%%:*} _nexus_rest=${_nexus_rest#*:}
    case $_nexus_element in /*) ;; *) continue ;; esac
    [ -d "$_nexus_element" ] || continue
    _nexus_index=1
    if [ "$_nexus_next" -le "$#" ]; then
      eval "_nexus_directory=\${$_nexus_next}"
      if [ "$_nexus_element" -ef "$_nexus_directory" ]; then
        _nexus_next=$((_nexus_next + 1))
        continue
      fi
    fi
    for _nexus_directory in "$@"; do
      [ "$_nexus_index" -lt "$_nexus_next" ] || return 1
      if [ "$_nexus_element" -ef "$_nexus_directory" ]; then break; fi
      _nexus_index=$((_nexus_index + 1))
    done
    [ "$_nexus_index" -lt "$_nexus_next" ] || return 1
  done
  [ "$_nexus_next" -gt "$#" ]
}

_nexus_registry_missing() { [ "$_nexus_is_walked" = 1 ] || [ ! -d "$1" ]; }

_nexus_registry_leads() { [ "$_nexus_is_walked" = 1 ] || [ "$1" -ef "$2" ]; }

_nexus_registry_home() {
  _nexus_definitions=$2
  _nexus_read "$_nexus_cache/homes/$1.sh"
}

_nexus_registry_defines() { [ "$1" = "$_nexus_definitions" ]; }

_nexus_registry_verified() { _nexus_verified=$1; }

_nexus_registry_absent() { [ ! -e "$1" ]; }

# It leads where it did, and its time is the same.
_nexus_registry_same() {
  [ "$2" = "$3" ] || [ "$2" -ef "$3" ] || return 1
  _nexus_has_time "$1" "$2"
}

# Replacing a file by one of the same time changes its parent directory. When a parent has changed, `stat` compares the
# files. Starting it takes time.
_nexus_registry_within() {
  _nexus_is_exchanged=0 _nexus_low=$1
  shift
  if [ "$_nexus_unit" != 1 ]; then _nexus_low=$(((_nexus_low / 1000 - 1) * 1000)); fi
  for _nexus_directory in "$@"; do
    if [ "$_nexus_directory" -nt "$_nexus_times/$_nexus_low" ]; then _nexus_is_exchanged=1; fi
  done
}

_nexus_registry_identified() {
  [ "$_nexus_is_exchanged" = 1 ] || return 0
  _nexus_expected=$1
  shift
  for _nexus_stat in /usr/bin/stat /bin/stat /run/current-system/sw/bin/stat /run/current-system/profile/bin/stat; do
    if [ -x "$_nexus_stat" ]; then
      _nexus_identities=$("$_nexus_stat" -L -c '%d %i %Z' "$@" 2>/dev/null) ||
        _nexus_identities=$("$_nexus_stat" -L -f '%d %i %c' "$@" 2>/dev/null)
      [ "$_nexus_identities" = "$_nexus_expected" ]
      return
    fi
  done
  return 1
}

# The time lies between two marks. Shells that see only whole seconds can tell when none of them has passed unseen: the
# last change came in an earlier second than the look.
_nexus_has_time() {
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
  [ "$_nexus_times/$_nexus_high" -nt "$2" ] || return 1
  # A file that is missing is newer than nothing.
  if [ "$_nexus_low" -le 0 ]; then
    [ -e "$2" ]
  else
    [ -e "$_nexus_times/$_nexus_low" ] && [ "$2" -nt "$_nexus_times/$_nexus_low" ]
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

# Programs do not see variables that this shell has without exporting them.
_nexus_registry_exported() {
  for _nexus_name in "$@"; do
    _nexus_registry_is_exported "$_nexus_name" || return 1
  done
}

_nexus_registry_unexported() {
  for _nexus_name in "$@"; do
    [ -z "${!_nexus_name:+1}" ] || ! _nexus_registry_is_exported "$_nexus_name" || return 1
  done
}

_nexus_registry_is_exported() {
  local attributes
  # bash before 4.4 has only a list of the names.
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)); then
    eval "attributes=\${$1@a}"
    case $attributes in *x*) return 0 ;; *) return 1 ;; esac
  fi
  attributes=$'\n'$(compgen -e)$'\n'
  case $attributes in *$'\n'"$1"$'\n'*) return 0 ;; *) return 1 ;; esac
}

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
  local _nexus_is_walked=0 _nexus_rest _nexus_next _nexus_element _nexus_index _nexus_directory
  local _nexus_name _nexus_is_exchanged _nexus_expected _nexus_stat _nexus_identities
  local _nexus_now=${EPOCHSECONDS-} asked
  case ${XDG_CACHE_HOME-} in /*) _nexus_cache=$XDG_CACHE_HOME/nexus-registry ;; esac
  _nexus_times=$_nexus_cache/times
  # bash before 5.0, and the one before 4.2.
  [ -n "$_nexus_now" ] || printf -v _nexus_now '%(%s)T' -1 2>/dev/null || _nexus_now=$(/bin/date +%s)
  asked=${PATH-}:${VIRTUAL_ENV-}:${CONDA_PREFIX-}:${PYENV_VERSION-}:${KUBECONFIG-}:${HOME-}:${XDG_CONFIG_HOME-}
  asked+=:${XDG_DATA_HOME-}:${XDG_STATE_HOME-}:${NEXUS_REGISTRY_HOME-}:${NEXUS_REGISTRY_PYTHON-}
  asked+=:${NEXUS_REGISTRY_TIMEOUT-}
  if ! _nexus_registry_find; then
    [ "$asked" != "$_nexus_registry_unkept" ] || return 0
    # It was removed while this shell was running: what is known stays.
    [ -x "$_nexus_registry_program" ] || return 0
    eval "$("$_nexus_registry_program" env --shell bash)"
    _nexus_registry_find || _nexus_registry_unkept=$asked
  fi
  [ -n "$_nexus_text" ] || return 0
  if [ "$_nexus_script:$_nexus_checked" != "$_nexus_registry_answer:$_nexus_registry_checked" ]; then
    eval "$_nexus_text"
    _nexus_registry_answer=$_nexus_script _nexus_registry_checked=$_nexus_checked
  fi
  # A stale answer is good until the refresh is done. The program sees to it that only one is started, by whatever shell.
  if [ "$_nexus_is_stale" = 1 ] && ((_nexus_now > _nexus_registry_refreshed + 60)) && [ -x "$_nexus_registry_program" ]; then
    _nexus_registry_refreshed=$_nexus_now
    ("$_nexus_registry_program" env --shell bash </dev/null >/dev/null 2>&1 &)
  fi
}

_nexus_registry_prompt() {
  local code=$?
  if [ -n "$_nexus_registry_is_first" ]; then
    _nexus_registry_is_first=''
    case ${PROMPT_COMMAND[*]-} in *_nexus_registry_prompt*) _nexus_registry_stand_last ;; esac
  fi
  _nexus_registry_load || :
  # What others do at prompts may want to know it. With errexit that would end the shell.
  case $- in *e*) ;; *) return "$code" ;; esac
}

nexus_has() {
  local name=${1-}
  name=${name##*/}
  name=${name//-/_}
  # bash before 4.0 needs a program for that.
  if ((BASH_VERSINFO[0] > 3)); then name=${name^^}; else name=$(printf '%s' "$name" | /usr/bin/tr '[:lower:]' '[:upper:]'); fi
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

# Stands behind all that changes PATH at a prompt, like direnv. bash-preexec takes whatever comes behind its own last
# command for one of the user. Before bash 5.1 there is one string, and a line may follow whatever that ends with.
# shellcheck disable=SC2128,SC2178 # A string or a list, as it is.
_nexus_registry_stand_last() {
  local command others=()
  case ${PROMPT_COMMAND[*]: -1} in *_nexus_registry_prompt | __bp_interactive_mode) return ;; esac
  for command in "${PROMPT_COMMAND[@]}"; do
    command=${command//_nexus_registry_prompt;/}
    command=${command//[;$'\n']_nexus_registry_prompt/}
    if [ "$command" != _nexus_registry_prompt ]; then others+=("$command"); fi
  done
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
    PROMPT_COMMAND=("${others[@]}" _nexus_registry_prompt)
  else
    PROMPT_COMMAND=${others[0]}$'\n'_nexus_registry_prompt
  fi
}

# What a start-up file adds behind this line is there at the first prompt, and stands before it from then on.
_nexus_registry_is_first=1
case ${PROMPT_COMMAND[*]-} in
  *_nexus_registry_prompt*) ;;
  '') PROMPT_COMMAND[0]=_nexus_registry_prompt ;;
  *) _nexus_registry_stand_last ;;
esac
_nexus_registry_load || :
