# nexus-registry in zsh: NEXUS_HAS_* from this line on, and right again before every prompt. While the answer that was
# kept is good, nothing is started for that. When it is good is written down in docs/internals/freshness.md.
#
#   nexus_has docker && …    whether something is here; nexus_has nodejs '>=20' asks for its version too
#   nexus_detect_tools       looks at everything now, writes it into the registries, and exports it

typeset -g _nexus_registry_version=0.2.0
# The launcher of the installation that this file lies in, else the one on PATH. A relative name would be another program
# in each directory.
if [[ -z ${_nexus_registry_program-} ]]; then
  typeset -g _nexus_registry_program=${${(%):-%x}:A:h:h}
  if [[ -e $_nexus_registry_program/dist/main.cjs ]]; then
    _nexus_registry_program+=/bin/nexus-registry
  else
    _nexus_registry_program=nexus-registry
  fi
fi
if [[ $_nexus_registry_program != /* ]]; then
  () {
    emulate -L zsh
    local -a found=(${^${(M)path:#/*}}/$_nexus_registry_program(N-.x))
    _nexus_registry_program=${found[1]-}
  }
fi

# What was loaded: the variables that decide, the files that prompts look at and the ones that were missing, what those
# were like, and until when it is fresh.
typeset -g _nexus_registry_asked='${PATH-}:${VIRTUAL_ENV-}:${CONDA_PREFIX-}:${PYENV_VERSION-}:${KUBECONFIG-}:${HOME-}:${XDG_CONFIG_HOME-}:${XDG_DATA_HOME-}:${XDG_STATE_HOME-}:${XDG_CACHE_HOME-}:${NEXUS_REGISTRY_HOME-}:${NEXUS_REGISTRY_PYTHON-}:${NEXUS_REGISTRY_TIMEOUT-}'
typeset -g _nexus_registry_key= _nexus_registry_inodes= _nexus_registry_devices= _nexus_registry_changes=
typeset -g _nexus_registry_name=
# Variables that hold credentials of providers, and those that name a file. Only whether they are set counts.
typeset -ga _nexus_registry_variables=() _nexus_registry_file_variables=()
typeset -ga _nexus_registry_paths=() _nexus_registry_absent=() _nexus_registry_now=()
typeset -gi _nexus_registry_expires=0

# Sets `devices`, `inodes`, and times to the millisecond, `times` and `changes`, of each file. Fails when one is missing.
_nexus_registry_stat() {
  devices=() inodes=() times=() changes=()
  (( $# )) || return 0
  zstat -A devices +device -- "$@" && zstat -A inodes +inode -- "$@" &&
    zstat -A times -F '%s%9.' +mtime -- "$@" &&
    zstat -A changes -F '%s%9.' +ctime -- "$@" || return 1
  times=(${times%??????}) changes=(${changes%??????})
}

# Finds the good answer among those that are kept: sets `text`, and what prompts compare with. Only files count that
# nobody else can have written. Their scripts set the variables that are declared here.
_nexus_registry_find() {
  local cache=${HOME-}/.cache/nexus-registry home definitions directories known name
  [[ ${XDG_CACHE_HOME-} != /* ]] || cache=$XDG_CACHE_HOME/nexus-registry
  local -a script watched devices inodes times changes absent identities elements own
  local -a provided unprovided existing missing
  local -i checked expires prompts absentAtPrompts index
  # Without it, zstat looks up the local time zone for every file.
  local -x TZ=UTC0
  text=
  [[ -O $cache && -O $cache/answers ]] || return 1
  local -F now=$EPOCHREALTIME
  # The directories that PATH leads to, each once: how they are spelled does not count.
  elements=(${(u)${(M)path:#/*}})
  local -a found=(${^elements}(N-/))
  _nexus_registry_stat $found || return 1
  for (( index = 1; index <= $#found; index++ )); do
    identities+=($devices[index]:$inodes[index]:$times[index]:$changes[index])
  done
  directories=${(j: :)${(u)identities}}
  local -a foundDevices=($devices) foundInodes=($inodes) foundChanges=($changes)
  for answer in $cache/answers/*/answer.zsh(N.Uf:go-w:); do
    watched=() devices=() inodes=() times=() changes=() absent=()
    provided=() unprovided=() existing=() missing=()
    source $answer || continue
    # Programs do not see variables that this shell has without exporting them.
    for name in $provided; do [[ ${(P)name:+${(Pt)name}} == *export* ]] || continue 2; done
    for name in $unprovided; do [[ ${(P)name:+${(Pt)name}} != *export* ]] || continue 2; done
    for name in $existing; do [[ -e ${(P)name} && ! -d ${(P)name} ]] || continue 2; done
    for name in $missing; do [[ ! -e ${(P)name} || -d ${(P)name} ]] || continue 2; done
    script=($cache/homes/$home.zsh(N.Uf:go-w:))
    (( $#script )) && source $script || continue
    for name in $absent; do [[ ! -e $name ]] || continue 2; done
    known="$devices, $inodes, $times, $changes"
    _nexus_registry_stat $watched && [[ "$devices, $inodes, $times, $changes" == "$known" ]] || continue
    zstat -A own -- $answer || continue
    # From a clock that was ahead: as good as too old.
    (( now * 1000 >= checked )) || expires=0
    _nexus_registry_expires=$(( expires / 1000 ))
    _nexus_registry_variables=($provided $unprovided) _nexus_registry_file_variables=($existing $missing)
    _nexus_registry_absent=(${elements:|found} $absent[1,absentAtPrompts])
    _nexus_registry_paths=($answer $found $watched[1,prompts])
    # zstat prints device and inode first, and the time of the last change as the eleventh.
    devices=($own[1] $foundDevices $devices[1,prompts]) inodes=($own[2] $foundInodes $inodes[1,prompts])
    changes=(${foundChanges%???} ${changes[1,prompts]%???})
    changes=($own[11] $changes)
    # Prompts look at whole seconds. That is enough once the last change lies in an earlier one than any later change
    # can: files are stamped by a clock that ticks, and is up to 20 ms behind.
    (( ${${(@On)changes}[1]} + 1.02 < now )) || changes=()
    _nexus_registry_devices="$devices" _nexus_registry_inodes="$inodes" _nexus_registry_changes="$changes"
    return 0
  done
  text=
  return 1
}

# Where nothing is kept, another PATH or another time of its directories tells when to ask again.
_nexus_registry_watch_path() {
  local -a directories=(${(M)path:#/*}) found
  _nexus_registry_paths=(/ ${(u)^directories}(N-/)) _nexus_registry_absent=()
  zstat -A found +device -- $_nexus_registry_paths 2>/dev/null
  _nexus_registry_devices="$found"
  zstat -A found +inode -- $_nexus_registry_paths 2>/dev/null
  _nexus_registry_inodes="$found"
  zstat -A found +ctime -- $_nexus_registry_paths 2>/dev/null
  _nexus_registry_changes="$found"
  _nexus_registry_expires=$(( EPOCHSECONDS + 300 ))
}

_nexus_registry_load() {
  emulate -L zsh -o no_err_exit -o no_err_return -o no_aliases
  _nexus_registry_export
  _nexus_registry_watch_variables
}

# Exports the answer that is kept. Where there is none, the program looks, and keeps one.
_nexus_registry_export() {
  zmodload -F zsh/stat b:zstat && zmodload -F zsh/datetime p:EPOCHSECONDS p:EPOCHREALTIME || return 0
  local text answer
  # A file may be gone at any time.
  if ! _nexus_registry_find 2>/dev/null; then
    # It was removed while this shell was running: what is known stays.
    [[ ! -x $_nexus_registry_program ]] || eval "$($_nexus_registry_program env --shell zsh)"
    _nexus_registry_find 2>/dev/null || _nexus_registry_watch_path
  fi
  eval "$text"
  _nexus_registry_key="${(e)_nexus_registry_asked}"
  # A stale answer is good until the refresh is done. The program sees to it that only one is started, by whatever shell.
  if (( EPOCHSECONDS > _nexus_registry_expires )); then
    _nexus_registry_expires=$(( EPOCHSECONDS + 60 ))
    [[ ! -x $_nexus_registry_program ]] || ( $_nexus_registry_program env --shell zsh </dev/null >/dev/null 2>&1 & )
  fi
}

# What every prompt costs. It takes the user's options as they are: setting others would take longer than all the rest.
# zsh keeps the exit code by itself. To return it would end a shell with err_exit.
_nexus_registry_precmd() {
  [[ "${(e)_nexus_registry_asked}" == "$_nexus_registry_key" ]] &&
    zstat -A _nexus_registry_now +ctime -- "${_nexus_registry_paths[@]}" 2>/dev/null &&
    [[ "${_nexus_registry_now[*]}" == "$_nexus_registry_changes" ]] &&
    zstat -A _nexus_registry_now +inode -- "${_nexus_registry_paths[@]}" 2>/dev/null &&
    [[ "${_nexus_registry_now[*]}" == "$_nexus_registry_inodes" ]] &&
    zstat -A _nexus_registry_now +device -- "${_nexus_registry_paths[@]}" 2>/dev/null &&
    [[ "${_nexus_registry_now[*]}" == "$_nexus_registry_devices" ]] &&
    (( EPOCHSECONDS <= _nexus_registry_expires )) && _nexus_registry_is_same || _nexus_registry_load || :
}

# Defines what prompts check of variables: one condition each, as it is now. Nothing else is as quick, and it has no value
# of a variable in it. Names that are local here would not be what they are at a prompt.
_nexus_registry_watch_variables() {
  local _nexus_registry_is='' _nexus_registry_variable
  for _nexus_registry_variable in $_nexus_registry_variables; do
    if [[ -n ${(P)_nexus_registry_variable:+1} ]]; then
      _nexus_registry_is+=" && \${$_nexus_registry_variable:+\${(t)$_nexus_registry_variable}} == ${(Pt)_nexus_registry_variable}"
    elif (( ${(P)+_nexus_registry_variable} )); then
      _nexus_registry_is+=" && -z \${$_nexus_registry_variable:+1}"
    else
      _nexus_registry_is+=" && ! -v $_nexus_registry_variable"
    fi
  done
  for _nexus_registry_variable in $_nexus_registry_file_variables; do
    if [[ -e ${(P)_nexus_registry_variable-} && ! -d ${(P)_nexus_registry_variable-} ]]; then
      _nexus_registry_is+=" && -e \${$_nexus_registry_variable-} && ! -d \${$_nexus_registry_variable-}"
    else
      _nexus_registry_is+=" && ( ! -e \${$_nexus_registry_variable-} || -d \${$_nexus_registry_variable-} )"
    fi
  done
  _nexus_registry_is="[[ 1 == 1$_nexus_registry_is ]]"
  eval "_nexus_registry_has_variables() { $_nexus_registry_is }
_nexus_registry_is_same() {
  $_nexus_registry_is || return 1
  for _nexus_registry_name in \"\${_nexus_registry_absent[@]}\"; do
    [[ ! -e \$_nexus_registry_name ]] || return 1
  done
}"
}

# Whatever stands behind this at a prompt, and changes PATH there: the command that is typed next finds it right.
_nexus_registry_preexec() {
  [[ "${(e)_nexus_registry_asked}" == "$_nexus_registry_key" ]] && _nexus_registry_has_variables ||
    _nexus_registry_load || :
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

typeset -ga precmd_functions preexec_functions
() {
  emulate -L zsh
  (( ${precmd_functions[(Ie)_nexus_registry_precmd]} )) || precmd_functions+=(_nexus_registry_precmd)
  (( ${preexec_functions[(Ie)_nexus_registry_preexec]} )) || preexec_functions+=(_nexus_registry_preexec)
  _nexus_registry_load
}
