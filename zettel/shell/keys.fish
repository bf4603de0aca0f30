# Alt-Z picks notes and inserts their IDs at the prompt. Put this into ~/.config/fish/config.fish:  zettel --show-keys fish | source
function __zettel_pick
    for name in (zettel pick --multi </dev/tty)
        commandline --insert -- (string escape -- $name)" "
    end
    commandline --function repaint
end
bind \ez __zettel_pick
bind --mode insert \ez __zettel_pick 2>/dev/null
