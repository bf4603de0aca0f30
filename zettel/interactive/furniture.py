"""Ask, key by key, which page furniture to leave out of imported notes."""

from __future__ import annotations

from zettel.adapters.console import Console
from zettel.adapters.keyboard import END_OF_INPUT, Keyboard
from zettel.model.articles.article import RemovalOffer, list_removal_offers
from zettel.model.articles.imported import ParsedSource
from zettel.model.base.answer import Branch
from zettel.model.base.errors import Refused
from zettel.views.import_report import build_offer_branches

KEYS = "r remove   k keep   a remove all   n keep all   s show   q quit   ? help"
HELP = (
    "r, y  remove: leave it out of the note; the file that is imported stays as it is",
    "k     keep",
    "a     remove this and all that follows",
    "n     keep this and all that follows",
    "s     show all of it, if it is long",
    "q     quit: nothing is imported",
)
REMOVE_KEYS, KEEP_KEY, REMOVE_ALL_KEY, KEEP_ALL_KEY, SHOW_KEY, QUIT_KEYS = ("r", "y"), "k", "a", "n", "s", ("q", *END_OF_INPUT)
MAX_LINES_SHOWN = 12
"""Maximum number of lines shown before `s` is pressed."""

Removals = list[list[RemovalOffer]]
"""What to remove from each article."""


def choose_removals(console: Console, articles: list[ParsedSource], *, clean: bool, ask: bool) -> Removals:
    """Choose what to remove: all page furniture (`clean`), what the user decides (`ask`), or nothing. Raises `Refused` if they quit."""
    found = [list_removal_offers(one.article.blocks) for one in articles]
    if clean or not ask or not any(found):
        return found if clean else [[] for _ in found]
    with Keyboard() as keys:
        return _ask_removals(console, keys, articles, found)


def _ask_removals(console: Console, keys: Keyboard, articles: list[ParsedSource], found: list[list[RemovalOffer]]) -> Removals:
    removals: Removals = [[] for _ in found]
    total, count, always = sum(map(len, found)), 0, ""
    for one, offered, removed in zip(articles, found, removals, strict=True):
        for offer in offered:
            count += 1
            key = always or _ask_key(console, keys, one, offer, f"{count} of {total}")
            if key in QUIT_KEYS:
                raise Refused("nothing was imported", "zettel import --keep imports everything as it stands")
            if key in (REMOVE_ALL_KEY, KEEP_ALL_KEY):
                always = key
            if key in (*REMOVE_KEYS, REMOVE_ALL_KEY):
                removed.append(offer)
    return removals


def _ask_key(console: Console, keys: Keyboard, parsed: ParsedSource, offer: RemovalOffer, count: str) -> str:
    """Show one piece of page furniture, and read keys until one decides what to do with it. Returns that key."""
    head, prompt = ((parsed.display_name, "path"), ("  ", ""), (offer.reason, "strong")), f"{count}   {KEYS}"
    console.show((Branch(head, build_offer_branches(offer, MAX_LINES_SHOWN)),), prompt)
    while True:
        key = keys.read_key()
        if key in (*REMOVE_KEYS, KEEP_KEY, REMOVE_ALL_KEY, KEEP_ALL_KEY, *QUIT_KEYS):
            done = "quit" if key in QUIT_KEYS else "kept" if key in (KEEP_KEY, KEEP_ALL_KEY) else "removed"
            console.show((Branch(((done, ""),)), Branch((("", ""),))))
            return key
        console.show(
            (Branch(head, build_offer_branches(offer)),) if key == SHOW_KEY else tuple(Branch(((line, ""),)) for line in HELP), prompt
        )
