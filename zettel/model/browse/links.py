"""Go from link to link in a note, and follow one."""

from __future__ import annotations

from dataclasses import replace

from zettel.model.browse.entry import Entry
from zettel.model.browse.keys import CAPTURE, JUMP
from zettel.model.browse.state import BrowseState
from zettel.model.browse.step import Step, change, name_key, open_list, read_note, say
from zettel.model.link.link import AMBIGUOUS, DANGLING, EXTERNAL


def follow(state: BrowseState) -> Step:
    """Follow the chosen link, or choose one if none is."""
    place, view = state.place, state.place.view
    if not view or not view.links:
        return say(state, "this note has no links", _offer_other_ways(state))
    if place.link < 0:
        return move_link(state, 1)
    link = view.links[place.link]
    if link.path:
        return read_note(state, link.path)
    if link.status == AMBIGUOUS:
        state, effects = open_list(state, link.title)
        return replace(state, message=f'several notes answer to "{link.title}"'), effects
    if link.status == EXTERNAL:
        return say(state, f"{link.title} is not a note of this notebook")
    if link.status == DANGLING:
        return replace(
            state, overlay=CAPTURE, entry=Entry().insert(link.title), source="", message=f'no note is called "{link.title}" yet'
        ), ()
    return say(state, "this link leads to no note")


def _offer_other_ways(state: BrowseState) -> str:
    """Return what else to press in a note without links."""
    return f"{name_key(state, 'backlinks')} shows what links to it, {name_key(state, 'suggest')} what it could be linked with"


def move_link(state: BrowseState, step: int) -> Step:
    """Choose the next link, or the one before. If none is chosen, choose the first one from the top of the screen on, or going back, the last one."""
    place, view = state.place, state.place.view
    if not view or not view.links:
        return say(state, "this note has no links", _offer_other_ways(state))
    count = len(view.links)
    if place.link >= 0:
        return reveal_link(change(state, link=(place.link + step) % count)), ()
    visible = [number for number, line in enumerate(state.link_lines[:count]) if line >= place.top]
    first = (visible[0] if visible else 0) if step > 0 else count - 1
    return reveal_link(change(state, link=first)), ()


def reveal_link(state: BrowseState) -> BrowseState:
    """Scroll if the chosen link is not on the screen."""
    link = state.place.link
    if not 0 <= link < len(state.link_lines) or not state.page:
        return state
    line, top = state.link_lines[link], state.place.top
    if top <= line < top + state.page:
        return state
    return change(state, top=max(line - state.page // 3, 0))


def start_jump(state: BrowseState) -> Step:
    """Put letters on the links that are on the screen."""
    if not state.jump_letters:
        return say(state, "there is no link on this screen")
    return replace(state, overlay=JUMP, entry=Entry()), ()


def type_jump_letter(state: BrowseState, character: str) -> Step:
    """Follow the link that has the letters typed, wait for another letter if there may be one, or else close the letters."""
    typed = state.entry.text + character.lower()
    for letters, number in state.jump_letters:
        if letters == typed:
            return follow(change(replace(state, overlay="", entry=Entry()), link=number))
    if character and any(letters.startswith(typed) for letters, _ in state.jump_letters):
        return replace(state, entry=Entry(typed, len(typed))), ()
    return replace(state, overlay="", entry=Entry()), ()
