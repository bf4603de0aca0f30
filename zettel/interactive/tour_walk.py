"""Walk through the tour on a terminal: run one command after another on a copy of the starter notebook."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from zettel.adapters.keyboard import Keyboard
from zettel.adapters.starter_notebook import copy_starter_notebook
from zettel.interactive.keys import QUIT, RUN, SKIP, TUTOR_KEYS
from zettel.interactive.prompt import KeyAction, prompt_action
from zettel.model.base.answer import BLANK_LINE, Answer, Branch, Document
from zettel.services.tour import TourStep, format_command
from zettel.session import Session

WELCOME = "A tour of zettel on a copy of its starter notebook. Press Enter to run the command that is shown."

GOODBYE = """\
The copy is gone, and nothing of yours was changed. To begin a notebook of your own:

    mkdir ~/notes && cd ~/notes && zettel init
    zettel new A thought in a few words

All commands: zettel --help. About one of them: zettel help links.
"""


def walk_tour(session: Session, steps: Sequence[TourStep]) -> Answer:
    """Show each step, run its command when the user presses a key, and return what to do next."""
    console = session.console
    with copy_starter_notebook() as notebook, Keyboard() as keyboard:

        def run_step(step: TourStep) -> str:
            console.show((BLANK_LINE,))
            with keyboard.pause():
                notebook.run_zettel(step.words, session.environ)
            console.show((BLANK_LINE,))
            return step.remark

        console.show((Branch(((WELCOME, ""),)), BLANK_LINE))
        for number, step in enumerate(steps, 1):
            branches = (
                Branch(((step.text, "heading"),)),
                BLANK_LINE,
                Branch(((f"  $ {format_command(step.words)}", "strong"),)),
                BLANK_LINE,
            )
            actions: dict[str, KeyAction] = {RUN.key: partial(run_step, step), SKIP.key: lambda: "skipped"}
            if prompt_action(console, keyboard, branches, f"{number} of {len(steps)}", TUTOR_KEYS, actions) == QUIT.key:
                break
    return Document(text=GOODBYE)
