# Completion of zettel for fish. `zettel --install-completion` writes this file, and brings it up to date.

function __zettel_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    command -q -- $program; or test -x "$program"; or set program zettel # a function
    # <&2 is the terminal, by which zettel knows the last list
    set -l found (env _ZETTEL_COMPLETE=fish $program $words "$typed" <&2 2>/dev/null)
    if test "$found[1]" = files
        __fish_complete_path "$typed"
    else
        printf '%s\n' $found[2..-1]
    end
end

complete --command zettel --erase
complete --command zettel --no-files --keep-order --arguments '(__zettel_complete)'
