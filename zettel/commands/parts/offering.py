"""Ask, key by key, which page furniture to leave out of imported notes."""

from __future__ import annotations

from zettel.adapters.keys import END, Keys
from zettel.commands.parts.intake import Taken
from zettel.model.answer import Branch
from zettel.model.articles.article import Offer, offers
from zettel.model.errors import Refused
from zettel.session import Session

KEYS = "r remove   k keep   a remove all   n keep all   s show   q quit   ? help"
HELP = (
    "r, y  remove: leave it out of the note; the file that is imported stays as it is",
    "k     keep",
    "a     remove this and all that follows",
    "n     keep this and all that follows",
    "s     show all of it, if it is long",
    "q     quit: nothing is imported",
)
REMOVE, KEEP, ALL, NONE, SHOW, QUIT = ("r", "y"), "k", "a", "n", "s", ("q", *END)
MOST = 12
"""Maximum number of lines shown before `s` is pressed."""

Chosen = list[list[Offer]]
"""What to remove from each article."""


def chosen(session: Session, articles: list[Taken], *, clean: bool, asking: bool) -> Chosen:
    """Choose what to remove: all page furniture (`clean`), what the user decides (`asking`), or nothing. Raises `Refused` if they quit."""
    found = [offers(one.article.blocks) for one in articles]
    if clean or not asking or not any(found):
        return found if clean else [[] for _ in found]
    with Keys() as keys:
        return _asked(session, keys, articles, found)


def _asked(session: Session, keys: Keys, articles: list[Taken], found: list[list[Offer]]) -> Chosen:
    removals: Chosen = [[] for _ in found]
    total, count, always = sum(map(len, found)), 0, ""
    for one, offered, removed in zip(articles, found, removals, strict=True):
        for offer in offered:
            count += 1
            key = always or _key(session, keys, one, offer, f"{count} of {total}")
            if key in QUIT:
                raise Refused("nothing was imported", "zettel import --keep imports everything as it stands")
            if key in (ALL, NONE):
                always = key
            if key in (*REMOVE, ALL):
                removed.append(offer)
    return removals


def _key(session: Session, keys: Keys, one: Taken, offer: Offer, count: str) -> str:
    """Show one piece of page furniture, and read keys until one decides what to do with it. Returns that key."""
    head, prompt = ((one.called, "path"), ("  ", ""), (offer.why, "strong")), f"{count}   {KEYS}"
    session.show((Branch(head, branches(offer, MOST)),), prompt)
    while True:
        key = keys.read()
        if key in (*REMOVE, KEEP, ALL, NONE, *QUIT):
            done = "quit" if key in QUIT else "kept" if key in (KEEP, NONE) else "removed"
            session.show((Branch(((done, ""),)), Branch((("", ""),))))
            return key
        session.show((Branch(head, branches(offer)),) if key == SHOW else tuple(Branch(((line, ""),)) for line in HELP), prompt)


def branches(offer: Offer, most: int | None = None) -> tuple[Branch, ...]:
    """Build branches for the lines of an offer, at most `most` of them."""
    shown = [Branch((("- " + line, "removed"),)) for line in offer.lines[:most]]
    if most is not None and len(offer.lines) > most:
        shown.append(Branch(((f"… {len(offer.lines) - most} more", "dim"),)))
    return tuple(shown)
