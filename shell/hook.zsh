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
typeset -ga _nexus_registry_paths=() _nexus_registry_now=()
typeset -gi _nexus_registry_expires=0

# Finds the good answer among those that are kept: sets `text`, and what prompts compare with. Only files count that
# nobody else can have written. Their scripts set the variables that are declared here.
_nexus_registry_find() {
  local cache=${HOME-}/.cache/nexus-registry home definitions name
  [[ ${XDG_CACHE_HOME-} != /* ]] || cache=$XDG_CACHE_HOME/nexus-registry
  local -a own script watched times inodes absent found
  local -i checked expires prompts
  # Without it, zstat looks up the local time zone for every file.
  local -x TZ=UTC0
  text=
  [[ -O $cache && -O $cache/answers ]] || return 1
  local -F now=$EPOCHREALTIME
  for answer in $cache/answers/*/answer.zsh(N.Uf:go-w:); do
    watched=() times=() inodes=() absent=()
    zstat -A own +mtime -- $answer 2>/dev/null && source $answer || continue
    script=($cache/homes/$home.zsh(N.Uf:go-w:))
    (( $#script )) && source $script || continue
    for name in $absent; do [[ ! -e $name ]] || continue 2; done
    zstat -A found +inode -- $watched 2>/dev/null && [[ "$found" == "$inodes" ]] &&
      zstat -A found -F '%s%9.' +mtime -- $watched 2>/dev/null && [[ "${(@)found%??????}" == "$times" ]] || continue
    # From a clock that was ahead: as good as too old.
    (( now * 1000 >= checked )) || expires=0
    _nexus_registry_expires=$(( expires / 1000 ))
    _nexus_registry_paths=($answer $watched[1,prompts])
    found=($own ${(@)times[1,prompts]%???})
    # Prompts look at whole seconds. That is enough once the last change lies in an earlier one than any later change
    # can: files are stamped by a clock that ticks, and is up to 20 ms behind.
    (( ${${(@On)found}[1]} + 1.02 < now )) || found=()
    _nexus_registry_times="$found"
    return 0
  done
  text=
  return 1
}

# Where nothing is kept, another PATH or another time of its directories tells when to ask again.
_nexus_registry_watch_path() {
  local -a directories=(${(M)path:#/*}) found
  _nexus_registry_paths=(/ ${(u)^directories}(N-/))
  zstat -A found +mtime -- $_nexus_registry_paths 2>/dev/null
  _nexus_registry_times="$found"
  _nexus_registry_expires=$(( EPOCHSECONDS + 300 ))
}

# Exports the answer that is kept. Where there is none, the program looks, and keeps one.
_nexus_registry_load() {
  emulate -L zsh -o no_err_exit -o no_err_return
  zmodload -F zsh/stat b:zstat && zmodload -F zsh/datetime p:EPOCHSECONDS p:EPOCHREALTIME || return 0
  local text answer
  if ! _nexus_registry_find; then
    eval "$($_nexus_registry_program env --shell zsh)"
    _nexus_registry_find || _nexus_registry_watch_path
  fi
  eval "$text"
  _nexus_registry_key="${PATH-}:${VIRTUAL_ENV-}:${CONDA_PREFIX-}:${PYENV_VERSION-}:${KUBECONFIG-}"
  # A stale answer is good until the refresh is done. The program sees to it that only one is started, by whatever shell.
  if (( EPOCHSECONDS > _nexus_registry_expires )); then
    _nexus_registry_expires=$(( EPOCHSECONDS + 60 ))
    ( $_nexus_registry_program env --shell zsh </dev/null >/dev/null 2>&1 & )
  fi
}

# What every prompt costs. It takes the user's options as they are: setting others would take longer than all the rest.
# zsh keeps the exit code by itself. To return it would end a shell with err_exit.
_nexus_registry_precmd() {
  [[ "${PATH-}:${VIRTUAL_ENV-}:${CONDA_PREFIX-}:${PYENV_VERSION-}:${KUBECONFIG-}" == "$_nexus_registry_key" ]] &&
    zstat -A _nexus_registry_now +mtime -- "${_nexus_registry_paths[@]}" 2>/dev/null &&
    [[ "${_nexus_registry_now[*]}" == "$_nexus_registry_times" ]] &&
    (( EPOCHSECONDS <= _nexus_registry_expires )) || _nexus_registry_load || :
}

nexus_has() {
  emulate -L zsh
  local name=NEXUS_HAS_${${(U)1##*/}//-/_}
  if (( $# == 1 && ${(P)+name} )); then [[ ${(P)name} == 1 ]]; else $_nexus_registry_program has "$@"; fi
}

nexus_detect_tools() {
  emulate -L zsh
  local text
  local -i code
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
