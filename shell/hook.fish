# nexus-registry in fish: NEXUS_HAS_* from this line on, and right again before every prompt. The launcher starts no Node
# while the answer that was kept is good. It is the quicker way here: fish takes longer to compare as many files itself.
#
#   nexus_has docker; and …    whether something is here; nexus_has nodejs '>=20' asks for its version too
#   nexus_detect_tools         looks at everything now, writes it into the registries, and exports it

# The launcher of the installation that this file lies in, else the one on PATH. A relative name would be another program
# in each directory.
if not set -q _nexus_registry_program
    set -l root (path dirname -- (path dirname -- (path resolve -- (status filename))))
    set -g _nexus_registry_program nexus-registry
    test -e $root/dist/main.cjs; and set _nexus_registry_program $root/bin/nexus-registry
end
if not string match -q '/*' -- $_nexus_registry_program
    set -l found (path filter -x -f -- (string match '/*' -- $PATH)/$_nexus_registry_program)
    set _nexus_registry_program $found[1]
end

# What was loaded was asked with these variables, and these files were like this.
set -g _nexus_registry_key
set -g _nexus_registry_files
set -g _nexus_registry_age 0

# The names of variables that are set are part of it: one of them may hold the key of a provider.
function _nexus_registry_describe
    set -l names
    for name in (set -nx)
        test -n "$$name"; and set -a names $name
    end
    set -g _nexus_registry_now "$PATH:$VIRTUAL_ENV:$CONDA_PREFIX:$PYENV_VERSION:$KUBECONFIG:$HOME:$XDG_CONFIG_HOME:$XDG_DATA_HOME:$XDG_STATE_HOME:$XDG_CACHE_HOME:$NEXUS_REGISTRY_HOME:$NEXUS_REGISTRY_PYTHON:$NEXUS_REGISTRY_TIMEOUT:$names"
end

# Sets `_nexus_registry_looked`: the files that exist, their real paths, and their times. fish reads no inode, but replacing
# a file changes its parent directory, and the launcher checks more.
function _nexus_registry_look
    set -l cache $HOME/.cache
    string match -q '/*' -- $XDG_CACHE_HOME; and set cache $XDG_CACHE_HOME
    set -l config $HOME/.config
    string match -q '/*' -- $XDG_CONFIG_HOME; and set config $XDG_CONFIG_HOME
    # Another answer, or the same one refreshed, shows in the directories of the answers that are kept.
    set -l answers $cache/nexus-registry/answers/*
    set -l files (path filter -- (string match '/*' -- $PATH) $answers $config/nexus-registry/config.{json,yaml,yml} \
        $HOME/.kube/config (string split : -- $KUBECONFIG))
    set -l targets (path resolve -- $files)
    set -l watched $files (path dirname -- $targets | path sort -u)
    set -g _nexus_registry_looked "$files $targets" (path mtime -- $watched)
    # Whole seconds do not show another change within the same one: then the next prompt looks again.
    string match -qr '^(0|-.*)$' -- (path mtime --relative -- $watched); and set -a _nexus_registry_looked again
    return 0
end

function _nexus_registry_load
    if test -x "$_nexus_registry_program"
        $_nexus_registry_program env --shell fish | source
    end
    _nexus_registry_describe
    set -g _nexus_registry_key $_nexus_registry_now
    _nexus_registry_look
    set -g _nexus_registry_files $_nexus_registry_looked
    # fish has no clock but the age of a file, in seconds.
    set -g _nexus_registry_age (path mtime --relative -- /)
end

# Defined once more at the first prompt, so that it comes behind all that a start-up file adds for prompts, like direnv.
function _nexus_registry_listen
    function _nexus_registry_prompt --on-event fish_prompt
        if set -q _nexus_registry_is_first
            set -e _nexus_registry_is_first
            _nexus_registry_listen
        end
        _nexus_registry_describe
        _nexus_registry_look
        set -l age (path mtime --relative -- /)
        if test "$_nexus_registry_key" != "$_nexus_registry_now" \
                -o "$_nexus_registry_files" != "$_nexus_registry_looked" \
                -o "$_nexus_registry_looked[-1]" = again \
                -o $age -lt $_nexus_registry_age \
                -o $age -gt (math $_nexus_registry_age + 60)
            # What is wrong was said when the shell started.
            _nexus_registry_load 2>/dev/null
        end
    end
end
set -g _nexus_registry_is_first
_nexus_registry_listen

# Whatever changes PATH behind that: the command that is typed next finds it right.
function _nexus_registry_preexec --on-event fish_preexec
    _nexus_registry_describe
    test "$_nexus_registry_key" = "$_nexus_registry_now"; or _nexus_registry_load 2>/dev/null
end

function nexus_has
    set -l name NEXUS_HAS_(string upper -- $argv[1] | string replace -r '.*/' '' | string replace -a - _)
    if test (count $argv) -eq 1; and set -q $name
        test "$$name" = 1
    else
        $_nexus_registry_program has $argv
    end
end

function nexus_detect_tools
    $_nexus_registry_program env --fresh --shell fish | source
    set -l code $pipestatus[1]
    _nexus_registry_load
    return $code
end

_nexus_registry_load
