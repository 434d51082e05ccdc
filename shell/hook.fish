# nexus-registry in fish: NEXUS_HAS_* from this line on, and right again before every prompt. The launcher starts no Node
# while the answer that was kept is good. It is the quicker way here: fish takes longer to compare as many files itself.
#
#   nexus_has docker; and …    whether something is here; nexus_has nodejs '>=20' asks for its version too
#   nexus_detect_tools         looks at everything now, writes it into the registries, and exports it

# The launcher of the installation that this file lies in, else the one on PATH.
if not set -q _nexus_registry_program
    set -l root (path dirname -- (path dirname -- (path resolve -- (status filename))))
    set -g _nexus_registry_program nexus-registry
    test -e $root/dist/main.cjs; and set _nexus_registry_program $root/bin/nexus-registry
end

# What was loaded was asked with these variables, and these files had these times.
set -g _nexus_registry_key
set -g _nexus_registry_times
set -g _nexus_registry_age 0

function _nexus_registry_load
    set -l cache $HOME/.cache
    string match -q '/*' -- $XDG_CACHE_HOME; and set cache $XDG_CACHE_HOME
    if command -q $_nexus_registry_program
        $_nexus_registry_program env --shell fish | source
    else
        echo "nexus-registry: there is no $_nexus_registry_program" >&2
    end
    # Another answer, or the same one refreshed, shows in the directories of the answers that are kept.
    set -g _nexus_registry_paths (path filter -- $PATH $cache/nexus-registry/answers/* \
        $HOME/.kube/config (string split : -- $KUBECONFIG))
    set -g _nexus_registry_key "$PATH:$VIRTUAL_ENV:$CONDA_PREFIX:$PYENV_VERSION:$KUBECONFIG"
    set -g _nexus_registry_times (path mtime -- $_nexus_registry_paths)
    # Whole seconds do not show another change within the same one: then the next prompt looks again.
    string match -qr '^(0|-.*)$' -- (path mtime --relative -- $_nexus_registry_paths); and set _nexus_registry_times
    # fish has no clock but the age of a file, in seconds.
    set -g _nexus_registry_age (path mtime --relative -- /)
end

function _nexus_registry_prompt --on-event fish_prompt
    set -l times (path mtime -- $_nexus_registry_paths)
    set -l age (path mtime --relative -- /)
    if test "$_nexus_registry_key" != "$PATH:$VIRTUAL_ENV:$CONDA_PREFIX:$PYENV_VERSION:$KUBECONFIG" \
            -o "$_nexus_registry_times" != "$times" \
            -o $age -lt $_nexus_registry_age \
            -o $age -gt (math $_nexus_registry_age + 60)
        # What is wrong was said when the shell started.
        _nexus_registry_load 2>/dev/null
    end
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
