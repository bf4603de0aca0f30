"""Build the command palette, which lists every action by its name and its keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from zettel.model.browse.keys import KeyBinding, format_key

LESS = 0.9
"""What the likeness of an explanation counts for, against that of a name."""


class ActionPalette(CommandPalette):
    """The palette of Textual, in which keys do no harm that come before its list is drawn or after it was closed."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close the palette, unless it is closed already."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):  # a list that was not drawn yet does not know its lines
            super()._action_command_list(action)


def build_palette(bindings: Sequence[KeyBinding], choose: Callable[[str], None]) -> CommandPalette:
    """Return a palette of actions. `choose` is called with the name of the one that is chosen."""

    class ActionProvider(Provider):
        """Finds actions."""

        async def discover(self) -> Hits:
            """Yield all actions, before anything is typed."""
            for row in bindings:
                yield DiscoveryHit(_format_name(row), partial(choose, row.action), text=row.words, help=row.about)

        async def search(self, query: str) -> Hits:
            """Yield the actions whose name or explanation is like what is typed."""
            matcher = self.matcher(query)
            for row in bindings:
                score = max(matcher.match(row.words), matcher.match(row.about) * LESS)
                if score > 0:
                    yield Hit(score, _format_name(row), partial(choose, row.action), text=row.words, help=row.about)

    return ActionPalette([ActionProvider], placeholder="what to do …")


def _format_name(row: KeyBinding) -> Content:
    """Return the name of an action and the first of its keys."""
    return Content.assemble((row.words.capitalize(), "bold"), "  ", (format_key(row.keys[0]), "dim"))
