#compdef nexus-registry
# zsh completion for nexus-registry. As a file named _nexus-registry in a directory of fpath, or in ~/.zshrc below
# compinit:
#
#   eval "$(nexus-registry completion zsh)"
#
# Above compinit it does nothing: there is no compdef yet to tell it to. What comes from a registry goes to compadd as
# it is, never through an evaluation, which is why `_call_program` is not used.

#@ what can stand where

_nexus-registry() {
  local curcontext=$curcontext state state_descr context home ret=1
  local -a line specs
  local -A opt_args
  __nexus_registry_find_home
  __nexus_registry_specs ''
  _arguments -C -s -S -A '-*' $specs '1:command: __nexus_registry_commands' '*:: :->rest' && ret=0
  if [[ $state == rest ]]; then
    curcontext=${curcontext%:*:*}:nexus-registry-$words[1]:
    __nexus_registry_specs $words[1]
    _arguments -s -S $specs && ret=0
  fi
  return ret
}

# Sets `home` to the one that the line names, wherever it does.
__nexus_registry_find_home() {
  local word=${words[(R)--home=*]} at=${words[(I)--home]}
  home=${(Q)word#--home=}
  (( at && at < CURRENT - 1 )) && home=${(Q)words[at + 1]}
  home=${home/#\~\//$HOME/}
}

# Offers the words of kind $1: from the file that nexus-registry keeps, or from itself, which keeps them then.
__nexus_registry_words() {
  local kind=$1 cache text entry deeper typed=$PREFIX
  local -a fields offered space kinds
  # The registry of a filter is the argument before it; a path can go on, so no space comes after it.
  [[ $kind == filter ]] && kind=jq:$line[1] space=(-S '')
  # Of fields several stand with commas between, and a condition goes on behind its field.
  if [[ $kind == fields ]]; then
    kind=field:${line[1]:-all} space=(-S '')
    compset -P '*,'
    typed=$PREFIX
  fi
  # A condition may be whole.
  [[ $kind == condition ]] && kind=where:${line[1]:-all} kinds=(field:${line[1]:-all}) space=(-S '')
  kinds+=($kind)
  # Inside of quotes it stands as it is.
  [[ -n $compstate[quote] ]] || typed=${(Q)PREFIX}
  if __nexus_registry_find_cache; then
    text=$(<$cache)
  else
    text=$(command nexus-registry ${home:+--home} ${home:+$home} words 2>/dev/null </dev/null)
  fi
  for kind in $kinds; do
    for entry in ${(M)${(f)text}:#$kind$'\t'*}; do
      fields=("${(@ps:\t:)entry}")
      # Of jq paths, those that end one level below what is typed: of all there are thousands.
      deeper=${${fields[2]#$typed}#?}
      [[ $kind == jq:* && ${deeper##*\"} == *.* ]] && continue
      offered+=("${fields[2]//(#m)[\\:]/\\$MATCH}${fields[3]:+:$fields[3]}")
    done
  done
  _describe -t $1 $1 offered "$space[@]"
}

# Sets `cache`. Fails when the file is not to be believed: another user's, a link, or older than a registry.
__nexus_registry_find_cache() {
  local directory=${home:-${NEXUS_REGISTRY_HOME:-}} data=${XDG_DATA_HOME:-} root=${XDG_CACHE_HOME:-} file
  [[ $data == /* ]] || data=$HOME/.local/share
  [[ $root == /* ]] || root=$HOME/.cache
  [[ -n $directory ]] || directory=$data/nexus-registry
  [[ $directory == /* ]] || directory=$PWD/${directory#./}
  directory=${directory%/}
  # The name has a % for each slash, so homes with a % of their own have no such file.
  [[ $directory != *%* ]] || return 1
  cache=$root/nexus-registry/words/${directory//\//%}
  [[ -f $cache && -O $cache && ! -L $cache ]] || return 1
  for file in $__nexus_registry_files; do
    [[ $directory/$file -nt $cache ]] && return 1
  done
  return 0
}

# As a file of fpath this is the body of the function itself; otherwise it has to be made known.
if [[ ${funcstack[1]-} == _nexus-registry ]]; then
  _nexus-registry "$@"
elif (( ${+functions[compdef]} )); then
  compdef _nexus-registry nexus-registry
fi
