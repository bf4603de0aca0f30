#compdef zettel
# Completion of zettel for zsh. `zettel --install-completion` writes this file, and brings it up to date.

# Ask zettel (the command in $1) how the last word is completed, and set `mode`, `values` and `shown`.
_zettel_ask() {
  emulate -L zsh
  local program=${${(Q)1}/#\~\//$HOME/} line
  local -a found
  (( $+commands[$program] )) || [[ $program == */* && -x $program ]] || program=zettel # an alias or a function
  # <&2 is the terminal, by which zettel knows the last list
  found=("${(@f)$(_ZETTEL_COMPLETE=zsh "$program" "${@[2,-1]}" <&2 2>/dev/null)}")
  mode=$found[1] values=() shown=()
  for line in "${(@)found[2,-1]}"; do
    values+=("${(g::)line%%$'\t'*}")
    shown+=("${line#*$'\t'}")
  done
}

_zettel() {
  local mode
  local -a values shown options
  _zettel_ask "$words[1]" "${(@Q)words[2,CURRENT-1]}" "$QIPREFIX$PREFIX"
  if [[ $mode == files ]]; then
    _files
    return
  fi
  (( $#values )) || return 1
  [[ $mode == join ]] && options=(-S '')
  [[ $mode == list ]] && options=(-l)
  if [[ $mode == list && -n $compstate[insert] ]]; then
    # What was typed stays until Tab is pressed again, since the names do not begin with it.
    if [[ -n $compstate[old_list] ]]; then
      compstate[insert]=menu
    else
      compstate[insert]=
    fi
    compstate[list]='list force'
  fi
  compadd -U -V zettel "$options[@]" -d shown -a -- values
}

# The same for a shell in which nothing has called `compinit`, which would change Tab for every command.
_zettel_reply() {
  emulate -L zsh
  local mode
  local -a words values shown
  local -i at
  read -Ac words
  read -nc at
  _zettel_ask "$words[1]" "${(@)words[2,at-1]}" "${(q)1}"
  reply=("$values[@]")
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _zettel "$@"
elif (( $+functions[compdef] )); then
  compdef _zettel zettel
else
  compctl -U -K _zettel_reply + -f zettel
fi
