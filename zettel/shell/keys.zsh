# Alt-Z picks notes and inserts their IDs at the prompt. Put this into ~/.zshrc:  eval "$(zettel --show-keys zsh)"
__zettel_pick() {
  emulate -L zsh
  local -a names
  names=("${(@f)$(zettel pick --multi </dev/tty)}")
  [[ -n "$names" ]] && LBUFFER+="${(j: :)${(@q)names}} "
  zle reset-prompt
}
zle -N __zettel_pick
bindkey -M emacs '\ez' __zettel_pick
bindkey -M viins '\ez' __zettel_pick
bindkey -M vicmd '\ez' __zettel_pick
