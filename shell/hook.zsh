# nexus-registry in zsh: NEXUS_HAS_* from this line on, and right again before every prompt. While the answer that was
# kept is good, nothing is started for that. When it is good is written down under "Freshness" in ARCHITECTURE.md.
#
#   nexus_has docker && …    whether something is here; nexus_has nodejs '>=20' asks for its version too
#   nexus_detect_tools       looks at everything now, writes it into the registries, and exports it

typeset -g _nexus_registry_version=0.1.0
# The launcher of the installation that this file lies in, else the one on PATH.
if [[ -z ${_nexus_registry_program-} ]]; then
  typeset -g _nexus_registry_program=${${(%):-%x}:A:h:h}
  if [[ -e $_nexus_registry_program/dist/main.cjs ]]; then
    _nexus_registry_program+=/bin/nexus-registry
  else
    _nexus_registry_program=nexus-registry
  fi
fi

# What was loaded: what it was asked with, the files that prompts look at, their times, and until when it is fresh.
typeset -g _nexus_registry_key= _nexus_registry_times=
typeset -ga _nexus_registry_paths=()
typeset -gi _nexus_registry_expires=0

# --- conditions of an answer's script ---

_nexus_registry_asked() {
  local -a now=("$_nexus_registry_version" "${PATH-}" "${VIRTUAL_ENV-}" "${CONDA_PREFIX-}" "${PYENV_VERSION-}"
    "${KUBECONFIG-}" "${HOME-}" "${XDG_CONFIG_HOME-}" "${XDG_DATA_HOME-}" "${XDG_STATE_HOME-}"
    "${NEXUS_REGISTRY_HOME-}" "${NEXUS_REGISTRY_PYTHON-}" "${NEXUS_REGISTRY_TIMEOUT-}")
  [[ "${(pj:\0:)now}" == "${(pj:\0:)@}" ]]
}

_nexus_registry_home() {
  local -a script=($cache/homes/$1.sh(N.Uf:go-w:))
  local definitions=$2
  (( $#script )) && source $script
}

_nexus_registry_defines() { [[ $1 == "$definitions" ]] }

_nexus_registry_verified() { : }

_nexus_registry_absent() { [[ ! -e $1 ]] }

# Times and inodes are compared all at once, when all are known.
_nexus_registry_same() { times+=($1) inodes+=($2) watched+=($3) }

_nexus_registry_aged() { checked=$1 expires=$2 }

_nexus_registry_text() { [[ $1 != zsh ]] || text=$2 }

# --- end of conditions ---

# Finds the good answer among those that are kept, and what prompts have to look at. Only files count that nobody else
# can have written.
_nexus_registry_find() {
  local cache=${HOME-}/.cache/nexus-registry
  [[ ${XDG_CACHE_HOME-} != /* ]] || cache=$XDG_CACHE_HOME/nexus-registry
  local -a times inodes watched found
  local -i checked expires
  text= answer=
  [[ -O $cache && -O $cache/answers ]] || return 1
  for answer in $cache/answers/*/answer.sh(N.Uf:go-w:); do
    times=() inodes=() watched=() text=
    source $answer && [[ -n $text ]] &&
      zstat -A found +inode -- $watched 2>/dev/null && [[ "$found" == "$inodes" ]] &&
      zstat -A found -F '%s%9.' +mtime -- $watched 2>/dev/null && [[ "${(@)found%??????}" == "$times" ]] || continue
    # From a clock that was ahead: as good as too old.
    (( EPOCHSECONDS * 1000 + 999 >= checked )) || expires=0
    _nexus_registry_expires=$(( expires / 1000 ))
    return 0
  done
  text= answer=
  return 1
}

# Prompts look at the whole seconds of files: that is quick, and enough once the last change lies in an earlier second
# than any later one can. Files are stamped by a clock that ticks, and is up to 20 ms behind. Where nothing is kept, it
# is not looked for again and again: the next second will do.
_nexus_registry_watch() {
  local -F now=$EPOCHREALTIME
  local -a directories=(${(M)path:#/*}) found
  directories=($^directories(N-/))
  _nexus_registry_paths=(${answer:-/} ${(u)directories:A})
  zstat -A found +mtime -- $_nexus_registry_paths 2>/dev/null
  [[ -z $answer ]] || (( ${${(@On)found}[1]} + 1.02 < now )) || found=()
  _nexus_registry_times="$found"
  _nexus_registry_key="${PATH-}:${VIRTUAL_ENV-}:${CONDA_PREFIX-}:${PYENV_VERSION-}:${KUBECONFIG-}"
}

# Exports the answer that is kept. Where there is none, the program looks, and keeps one.
_nexus_registry_load() {
  emulate -L zsh -o no_err_exit -o no_err_return
  zmodload -F zsh/stat b:zstat && zmodload -F zsh/datetime p:EPOCHSECONDS p:EPOCHREALTIME || return 0
  local text answer
  if ! _nexus_registry_find; then
    eval "$($_nexus_registry_program env --shell zsh)"
    _nexus_registry_find || _nexus_registry_expires=$(( EPOCHSECONDS + 300 ))
  fi
  eval "$text"
  _nexus_registry_watch
  (( EPOCHSECONDS <= _nexus_registry_expires )) || _nexus_registry_refresh
}

# A stale answer is good until the refresh is done. The program sees to it that only one is started, by whatever shell.
_nexus_registry_refresh() {
  emulate -L zsh -o no_err_exit -o no_err_return
  _nexus_registry_expires=$(( EPOCHSECONDS + 60 ))
  ( $_nexus_registry_program env --shell zsh </dev/null >/dev/null 2>&1 & )
}

# What every prompt costs. It takes the user's options as they are: setting others would take longer than all the rest.
# zsh keeps the exit code by itself. To return it would end a shell with err_exit.
_nexus_registry_precmd() {
  local -a now
  [[ "${PATH-}:${VIRTUAL_ENV-}:${CONDA_PREFIX-}:${PYENV_VERSION-}:${KUBECONFIG-}" == "$_nexus_registry_key" ]] &&
    zstat -A now +mtime -- "${_nexus_registry_paths[@]}" 2>/dev/null &&
    [[ "${now[*]}" == "$_nexus_registry_times" ]] || _nexus_registry_load || :
  (( EPOCHSECONDS <= _nexus_registry_expires )) || _nexus_registry_refresh || :
}

nexus_has() {
  emulate -L zsh
  local name=NEXUS_HAS_${${(U)1##*/}//-/_}
  if (( $# == 1 && ${(P)+name} )); then [[ ${(P)name} == 1 ]]; else $_nexus_registry_program has "$@"; fi
}

nexus_detect_tools() {
  emulate -L zsh
  local text code
  text="$($_nexus_registry_program env --fresh --shell zsh)"
  code=$?
  eval "$text"
  _nexus_registry_load
  return code
}

typeset -ga precmd_functions
() {
  emulate -L zsh
  (( ${precmd_functions[(Ie)_nexus_registry_precmd]} )) || precmd_functions+=(_nexus_registry_precmd)
  _nexus_registry_load
}
