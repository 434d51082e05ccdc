# fish completion for nexus-registry. Keep it as ~/.config/fish/completions/nexus-registry.fish, or try it out:
#
#   nexus-registry completion fish | source
#
# What comes from a registry is printed by builtins, and never evaluated.

# What the line says before the cursor, without options and their values: the subcommand, then its arguments.
function __nexus_registry_arguments
    set -l words (commandline -opc)
    set -e words[1]
    set -l values 0
    set -l is_literal no
    for word in $words
        if test $values -gt 0
            set values (math $values - 1)
        else if test $is_literal = no; and string match -q -- '-*' $word
            test "$word" = --; and set is_literal yes
            contains -- $word $__nexus_registry_valued; and set values 1
            contains -- $word $__nexus_registry_paired; and set values 2
        else
            printf '%s\n' $word
        end
    end
end

# Whether the second value of an option is to follow: of one of $argv.
function __nexus_registry_is_second
    set -l words (commandline -opc)
    set -q words[3]; and contains -- $words[-2] $argv
end

# Whether the subcommand is one of $argv[2..], and $argv[1] arguments, `any` number or `3+`, stand behind it already.
function __nexus_registry_at
    set -l words (__nexus_registry_arguments)
    set -q words[1]; or return 1
    contains -- $words[1] $argv[2..-1]; or return 1
    test $argv[1] = any; and return 0
    __nexus_registry_is_second $__nexus_registry_paired; and return 1
    set -l count (math (count $words) - 1)
    switch $argv[1]
        case '*+'
            test $count -ge (string trim -c + $argv[1])
        case '*'
            test $count -eq $argv[1]
    end
end

function __nexus_registry_needs_command
    set -l words (__nexus_registry_arguments)
    not set -q words[1]
end

# Prints the words of kind $argv[1] with their descriptions: from the file that nexus-registry keeps, or from itself,
# which keeps them then.
function __nexus_registry_words
    set -l kind (string escape --style=regex $argv[1])
    set -l home (__nexus_registry_named_home)
    set -l cache (__nexus_registry_cache $home)
    if set -q cache[1]
        string replace -rf "^$kind\t" '' <$cache
    else
        set -l flag
        set -q home[1]; and set flag --home $home
        command nexus-registry $flag words 2>/dev/null </dev/null | string replace -rf "^$kind\t" ''
    end
end

# Prints jq paths of the registry that is the argument before. Of all there are thousands: those that end one level
# below what is typed, where a quoted key counts as one.
function __nexus_registry_filters
    set -l words (__nexus_registry_arguments)
    set -q words[2]; or return
    set -l typed (commandline -ct | string replace -r '^["\']' '' | string replace -a \\ '' | string escape --style=regex)
    __nexus_registry_words jq:$words[2] | string match -r "^$typed(?:[^\t](?:[^\t]*\")?[^.\t\"]*)?(?:\t.*)?\$"
end

# Prints fields of the registry that is the argument before, or of all. Several stand with commas between.
function __nexus_registry_fields
    set -l words (__nexus_registry_arguments)
    set -q words[2]; or set words query all
    set -l typed (commandline -ct | string replace -r '^(--[\w-]+=)?["\']?' '')
    __nexus_registry_words field:$words[2] | string replace -r '^' (string match -r '^.*,' -- $typed; or echo '')
end

# Prints fields of the registry that is the argument before, or of all, and conditions on them.
function __nexus_registry_conditions
    set -l words (__nexus_registry_arguments)
    set -q words[2]; or set words query all
    __nexus_registry_words field:$words[2]
    __nexus_registry_words where:$words[2]
end

# Prints the home that the line names, wherever it does.
function __nexus_registry_named_home
    set -l words (commandline -opc)
    set -l home (string replace -rf -- '^--home=' '' $words)
    set -l at (contains -i -- --home $words)
    and set home $words[(math $at + 1)]
    set -q home[1]; and string replace -r '^~/' "$HOME/" -- $home[-1]
end

# Prints the path of the file, unless it is not to be believed: another user's, a link, or older than a registry.
function __nexus_registry_cache
    set -l data $HOME/.local/share
    set -l root $HOME/.cache
    string match -q '/*' -- $XDG_DATA_HOME; and set data $XDG_DATA_HOME
    string match -q '/*' -- $XDG_CACHE_HOME; and set root $XDG_CACHE_HOME
    set -l home $data/nexus-registry
    test -n "$NEXUS_REGISTRY_HOME"; and set home $NEXUS_REGISTRY_HOME
    test -n "$argv[1]"; and set home $argv[1]
    string match -q '/*' -- $home; or set home $PWD/(string replace -r '^\./' '' -- $home)
    set home (string replace -r '/$' '' -- $home)
    # The name has a % for each slash, so homes with a % of their own have no such file.
    string match -q '*%*' -- $home; and return
    set -l cache $root/nexus-registry/words/(string replace -a / % -- $home)
    test -f $cache -a -O $cache -a ! -L $cache; or return
    for file in $__nexus_registry_files
        test $home/$file -nt $cache; and return
    end
    printf '%s\n' $cache
end

complete -c nexus-registry -f
#@ what can stand where
