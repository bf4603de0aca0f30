"""Offering to remove what looks like page furniture: asking about it, or saying that it was kept. Used by import."""

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
    "s     show all of it, where it is long",
    "q     quit: nothing is imported",
)
REMOVE, KEEP, ALL, NONE, SHOW, QUIT = ("r", "y"), "k", "a", "n", "s", ("q", *END)
MOST = 12
"""Lines of what is offered that people are shown."""

Chosen = list[list[Offer]]
"""What is to be removed from each article."""


def chosen(session: Session, articles: list[Taken], *, clean: bool, asking: bool) -> Chosen:
    """What is to be removed: everything that was found (`clean`), what a person says (`asking`), or nothing. Raises `Refused` if they quit."""
    found = [offers(one.article.blocks) for one in articles]
    if clean or not asking or not any(found):
        return found if clean else [[] for _ in found]
    with Keys() as keys:
        return _asked(session, keys, articles, found)


def _asked(session: Session, keys: Keys, articles: list[Taken], found: list[list[Offer]]) -> Chosen:
    taken: Chosen = [[] for _ in found]
    total, count, always = sum(map(len, found)), 0, ""
    for one, own, removed in zip(articles, found, taken, strict=True):
        for offer in own:
            count += 1
            key = always or _key(session, keys, one, offer, f"{count} of {total}")
            if key in QUIT:
                raise Refused("nothing was imported", "zettel import --keep imports everything as it stands")
            if key in (ALL, NONE):
                always = key
            if key in (*REMOVE, ALL):
                removed.append(offer)
    return taken


def _key(session: Session, keys: Keys, one: Taken, offer: Offer, count: str) -> str:
    """Show what was found and take a key that says what becomes of it."""
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
    """The lines of an offer."""
    shown = [Branch((("- " + line, "removed"),)) for line in offer.lines[:most]]
    if most is not None and len(offer.lines) > most:
        shown.append(Branch(((f"… {len(offer.lines) - most} more", "dim"),)))
    return tuple(shown)
