# Completion of zettel for bash. `zettel --install-completion` writes this file, and brings it up to date.

_zettel_completion() {
    local program=${1/#\~\//$HOME/} line
    type -P -- "$program" > /dev/null || program=zettel # an alias or a function
    COMPREPLY=() # below, <&2 is the terminal, by which zettel knows the last list
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <(_ZETTEL_COMPLETE=bash "$program" "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" <&2 2> /dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && $COMPREPLY == *= ]]; then
        compopt -o nospace 2> /dev/null
    fi
}

complete -o default -o nosort -F _zettel_completion zettel 2> /dev/null || complete -o default -F _zettel_completion zettel
