"""Ask, key by key, which page furniture to leave out of imported notes."""

from __future__ import annotations

from zettel.adapters.console import Console
from zettel.adapters.keyboard import Keyboard
from zettel.interactive.keys import APPLY, APPLY_ALL, IMPORT_KEYS, QUIT, SHOW, SKIP, SKIP_ALL, UNDO
from zettel.interactive.prompt import KeyAction, prompt_action
from zettel.model.articles.article import RemovalOffer, list_removal_offers
from zettel.model.articles.imported import ParsedSource
from zettel.model.base.answer import Branch
from zettel.model.base.errors import Declined
from zettel.views.import_report import build_offer_branches

MAX_LINES_SHOWN = 12
"""Maximum number of lines shown before all of it is asked for."""

REMOVED, KEPT = "removed", "kept"

Removals = list[list[RemovalOffer]]
"""What to remove from each article."""


def choose_removals(console: Console, articles: list[ParsedSource], *, clean: bool, ask: bool) -> Removals:
    """Choose what to remove: all page furniture (`clean`), what the user decides (`ask`), or nothing. Raises `Declined` if they quit."""
    found = [list_removal_offers(one.article.blocks) for one in articles]
    if clean or not ask or not any(found):
        return found if clean else [[] for _ in found]
    offers = [(number, offer) for number, several in enumerate(found) for offer in several]
    with Keyboard() as keyboard:
        answers = _ask_removals(console, keyboard, [(articles[number].display_name, offer) for number, offer in offers])
    removals: Removals = [[] for _ in found]
    for (number, offer), answer in zip(offers, answers, strict=True):
        if answer == REMOVED:
            removals[number].append(offer)
    return removals


def _ask_removals(console: Console, keyboard: Keyboard, offers: list[tuple[str, RemovalOffer]]) -> list[str]:
    """Ask about one offer after the other, each with the name of its source. Return for each whether it is removed or kept."""
    answers: list[str] = []
    while len(answers) < len(offers):
        name, offer = offers[len(answers)]
        left = len(offers) - len(answers)

        def answer(what: str, times: int = 1) -> str:
            answers.extend([what] * times)
            return what

        def show(offer: RemovalOffer = offer) -> str:
            console.show(build_offer_branches(offer))
            return ""

        def undo() -> str:
            answers.pop()
            return "taken back"

        actions: dict[str, KeyAction] = {
            APPLY.key: lambda: answer(REMOVED),
            SKIP.key: lambda: answer(KEPT),
            APPLY_ALL.key: lambda left=left: answer(REMOVED, left),  # type: ignore[misc]
            SKIP_ALL.key: lambda left=left: answer(KEPT, left),  # type: ignore[misc]
            SHOW.key: show,
        }
        if answers:
            actions[UNDO.key] = undo
        branch = Branch(((name, "path"), ("  ", ""), (offer.reason, "strong")), build_offer_branches(offer, MAX_LINES_SHOWN))
        position = f"{len(answers) + 1} of {len(offers)}"
        if prompt_action(console, keyboard, [branch], position, IMPORT_KEYS, actions) == QUIT.key:
            raise Declined("nothing was imported", "zettel import --keep imports everything as it stands")
    return answers
