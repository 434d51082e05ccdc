# bash completion for nexus-registry. In ~/.bashrc:
#
#   eval "$(nexus-registry completion bash)"
#
# The syntax is that of bash 3.2, which macOS has. What comes from a registry is compared and quoted, never evaluated:
# that rules out `compgen -W`, which expands its argument. Functions hand on what they find in variables of
# `_nexus_registry`: a `$(…)` would be a process for each.
# shellcheck shell=bash disable=SC2034

#@ what can stand where

_nexus_registry() {
  local IFS=$' \t\n' words=() head='' home='' command='' registry='' option='' literal='' count=0 index
  local options=() places=() rest='' expected='' before='' quote='' typed=''
  COMPREPLY=()
  __nexus_registry_split
  __nexus_registry_takes ''
  for ((index = 1; index < ${#words[@]} - 1; index++)); do
    __nexus_registry_pass "${words[index]//[\"\'\\]/}"
  done
  __nexus_registry_expect "${words[index]-}"
  __nexus_registry_offer
}

# COMP_WORDS is split at `:`, `=` and `@`, too: put together what stands together before the cursor. Sets `words`, and
# `head`: what stays of the last word when readline replaces the last piece of it.
__nexus_registry_split() {
  local line=${COMP_LINE:0:COMP_POINT} blank piece='' index
  for ((index = 0; index <= COMP_CWORD; index++)); do
    blank=${line%%[![:space:]]*}
    line=${line#"$blank"}
    piece=${COMP_WORDS[index]-}
    # The cursor may stand inside of the last word.
    if ((index == COMP_CWORD)); then piece=$line; fi
    line=${line#"$piece"}
    if ((index == 0)) || [[ -n $blank ]]; then
      head=''
      words[${#words[@]}]=$piece
    else
      head=${words[${#words[@]} - 1]}
      words[${#words[@]} - 1]=$head$piece
    fi
  done
  if [[ $piece == [:=]* ]]; then head=$head$piece; fi
  # An @ begins the piece behind it: readline has host names in mind.
  head=${head%@}
}

# Takes notice of a word before the cursor: sets `command`, `home`, `registry`, `count` of arguments, and `option` when
# its value is to follow.
__nexus_registry_pass() {
  if [[ -n $option ]]; then
    if [[ $option == --home ]]; then home=$1; fi
    case $option in
      *' 2') option='' ;;
      *) if __nexus_registry_value "$command" "$option 2"; then option="$option 2"; else option=''; fi ;;
    esac
  elif [[ -z $literal && $1 == -- ]]; then
    literal=yes
  elif [[ -z $literal && $1 == --home=* ]]; then
    home=${1#*=}
  elif [[ -z $literal && $1 == -* ]]; then
    if __nexus_registry_value "$command" "$1"; then option=$1; fi
  elif [[ -z $command ]]; then
    command=$1
    __nexus_registry_takes "$1"
  else
    if ((count == 0)); then registry=$1; fi
    count=$((count + 1))
  fi
}

# Sets `expected` for the word $1 at the cursor, and parts it: `before` (`--shell=`), `quote` that is open, `typed`.
__nexus_registry_expect() {
  local word=$1
  if [[ -n $option ]]; then
    __nexus_registry_value "$command" "$option" || :
  elif [[ -z $literal && $word == --*=* ]]; then
    before=${word%%=*}=
    word=${word#*=}
    __nexus_registry_value "$command" "${before%=}" || :
  elif [[ -z $literal && $word == -* ]]; then
    expected="choice ${options[*]}"
  else
    expected=${places[count]:-$rest}
  fi
  if [[ $word == [\"\']* ]]; then quote=${word:0:1} typed=${word:1}; else typed=${word//\\/}; fi
}

__nexus_registry_offer() {
  local word
  case $expected in
    choice\ *) for word in ${expected#choice }; do __nexus_registry_reply "$word"; done ;;
    directory) __nexus_registry_paths -d ;;
    file) __nexus_registry_paths -f ;;
    filter)
      __nexus_registry_words "jq:$registry"
      # A path can go on: `.docker` is no end.
      compopt -o nospace 2>/dev/null || :
      ;;
    fields)
      # Several stand with commas between, and a condition goes on behind its field.
      case $typed in
        *,*) before=$before${typed%,*}, typed=${typed##*,} ;;
      esac
      __nexus_registry_words "field:${registry:-all}"
      compopt -o nospace 2>/dev/null || :
      ;;
    condition)
      __nexus_registry_words "field:${registry:-all}"
      __nexus_registry_words "where:${registry:-all}"
      compopt -o nospace 2>/dev/null || :
      ;;
    registry | id | ref) __nexus_registry_words "$expected" ;;
  esac
}

# Adds the word $1, which fits what is typed, as it has to stand on the line. Inside quotes, a word that would end
# them is left out.
__nexus_registry_reply() {
  local word=$1
  [[ $word == "$typed"* ]] || return 0
  case $quote in
    \') [[ $word != *\'* ]] || return 0 ;;
    \") [[ $word != *[\"\$\`\\!]* ]] || return 0 ;;
    *) printf -v word %q "$word" ;;
  esac
  word=$before$word
  COMPREPLY[${#COMPREPLY[@]}]=${word#"$head"}
}

__nexus_registry_paths() {
  local path
  while IFS= read -r path; do
    path=$before$path
    COMPREPLY[${#COMPREPLY[@]}]=${path#"$head"}
  done < <(compgen "$1" -- "$typed")
  compopt -o filenames 2>/dev/null || :
}

# Words of one kind: from the file that nexus-registry keeps, or from itself, which keeps them then.
__nexus_registry_words() {
  local cache=''
  if __nexus_registry_find_cache; then
    __nexus_registry_match "$1" <"$cache"
  else
    __nexus_registry_match "$1" < <(command nexus-registry ${home:+--home "$home"} words 2>/dev/null </dev/null)
  fi
}

__nexus_registry_match() {
  local kind word deeper _
  while IFS=$'\t' read -r kind word _; do
    [[ $kind == "$1" && $word == "$typed"* ]] || continue
    # Of jq paths, those that end one level below what is typed: of all there are thousands.
    deeper=${word#"$typed"}
    deeper=${deeper#?}
    if [[ $kind == jq:* && ${deeper##*\"} == *.* ]]; then continue; fi
    __nexus_registry_reply "$word"
  done
}

# Sets `cache`. Fails when the file is not to be believed: another user's, a link, or older than a registry.
__nexus_registry_find_cache() {
  local directory=${home:-${NEXUS_REGISTRY_HOME:-}} data=${XDG_DATA_HOME:-} root=${XDG_CACHE_HOME:-} file
  if [[ $data != /* ]]; then data=${HOME:-}/.local/share; fi
  if [[ $root != /* ]]; then root=${HOME:-}/.cache; fi
  case $directory in
    '') directory=$data/nexus-registry ;;
    \~/*) directory=${HOME:-}/${directory#??} ;;
    /*) ;;
    *) directory=$PWD/${directory#./} ;;
  esac
  directory=${directory%/}
  # The name has a % for each slash, so homes with a % of their own have no such file.
  [[ $directory != *%* ]] || return 1
  cache=$root/nexus-registry/words/${directory//\//%}
  [[ -f $cache && -O $cache && ! -L $cache ]] || return 1
  for file in $__nexus_registry_files; do
    if [[ $directory/$file -nt $cache ]]; then return 1; fi
  done
}

complete -F _nexus_registry nexus-registry
