# Alt-Z picks notes and inserts their IDs at the prompt. Put this into ~/.bashrc:  eval "$(zettel --show-keys bash)"
__zettel_pick() {
  local name names picked=""
  names=$(zettel pick --multi </dev/tty) || return 0
  while IFS= read -r name; do picked+="$(printf '%q' "$name") "; done <<<"$names"
  READLINE_LINE="${READLINE_LINE:0:READLINE_POINT}$picked${READLINE_LINE:READLINE_POINT}"
  READLINE_POINT=$((READLINE_POINT + ${#picked}))
}
bind -m emacs-standard -x '"\ez": __zettel_pick'
bind -m vi-insert -x '"\ez": __zettel_pick'
bind -m vi-command -x '"\ez": __zettel_pick'
