# Completes an id `$argv[2]` times in one fish. `$argv[1]`: what `nexus-registry completion fish` printed.
source $argv[1]; or exit
for index in (seq $argv[2])
    set found (complete -C 'nexus-registry has do')
end
string match -q 'docker*' -- $found
