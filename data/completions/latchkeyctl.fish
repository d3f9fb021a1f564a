# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion for latchkeyctl, which knows itself what can come next.

function __latchkeyctl_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct | string unescape)
    for line in ($words[1] --complete $words[2..-1] "$typed" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$typed"
        else
            echo $line
        end
    end
end

complete -c latchkeyctl -f -a '(__latchkeyctl_complete)'
