"""Define the five flows of browsing, key by key, for any notebook: recall, see a path, tend, edit and capture, wander."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """What is typed in a notebook.

    The first note of the `query` has a `title` and two links. The other queries find the notes where a path begins and ends, one that lacks
    at least three links, and one that is edited.
    """

    query: str
    title: str
    start: str
    end: str
    lacking: str
    edited: str


class Step(NamedTuple):
    """What a person does, and what the screen shows then.

    `keys` have the names of tmux, and `text` is typed after them where they open a line to type in, else before them. `size` is what the
    terminal becomes, and `command` is typed into the shell.
    """

    does: str
    shows: str
    keys: tuple[str, ...] = ()
    text: str = ""
    size: tuple[int, int] | None = None
    command: str = ""


class Flow(NamedTuple):
    """A flow: the name of its file, what it is called, and its steps."""

    name: str
    title: str
    steps: tuple[Step, ...]


STARTER = Words(
    query="promise del",
    title="Execution is a string of kept promises",
    start="being punctual",
    end="trust is repaid",
    lacking="being punctual",
    edited="nobody owns value",
)

GENERATED = Words(
    query="weamoust vild",
    title="Weamoust vildand jandmel jiststot clovinsind",
    start="naindtoul clourclin",
    end="stowistple plelca",
    lacking="weamoust vildand",
    edited="wennin diorpetju",
)
"""What is typed in the notebook of 10,000 notes that is generated for the bench."""


def build_flows(words: Words) -> tuple[Flow, ...]:
    """Return the flows in a notebook."""
    start = Step("Browse", "notes", command="zettel browse")
    leave = Step("Leave", "exit code 0", ("C-q",))
    return (
        Flow(
            "recall",
            "A. Recall, read, follow",
            (
                start,
                Step(f'Type "{words.query}": the list narrows with each key, and a sentence says why', words.title, text=words.query),
                Step("Choose the next note", "▸", ("Down",)),
                Step("Choose the first one again, and read it", "Esc back", ("Up", "Enter")),
                Step("Go to the first link", "Esc back", ("Tab",)),
                Step("Go to the next one", "Esc back", ("n",)),
                Step("Follow it", f"{words.title[:20]}", ("Enter",)),
                Step("Go back: the same note, the same link", words.title, ("BSpace",)),
                Step("Go forward", words.title[:20], ("L",)),
                Step("Go back twice: the list, as it was", words.query, ("BSpace", "BSpace")),
                Step("Make the terminal smaller", words.query, size=(80, 24)),
                Step("Make it very small: one pane", words.query, size=(40, 10)),
                Step("Make it as large as before", words.query, size=(120, 40)),
                leave,
            ),
        ),
        Flow(
            "path",
            "B. See a path",
            (
                start,
                Step(f'Type "{words.start}"', words.start, text=words.start),
                Step("Read the first note", "Esc back", ("Enter",)),
                Step("Mark it as A", "A: ", ("m",)),
                Step(f'Look for "{words.end}"', words.end, ("C-f",), text=words.end),
                Step("Read it", "Esc back", ("Enter",)),
                Step("Mark it as B", "B: ", ("m",)),
                Step("See the path from A to B", "▸", ("p",)),
                Step("Read the first note, where it speaks of the next one", "Enter follow", ("Enter",)),
                Step("Go back to the path", "s save", ("BSpace",)),
                Step("Save it as a note", "save the path as:", ("s",)),
                Step("Take the title that is offered", "saved as 2026030209", ("Enter",)),
                Step("See the gap between the two", "within 2 hops", ("g",)),
                leave,
            ),
        ),
        Flow(
            "tend",
            "C. Tend",
            (
                start,
                Step(f'Type "{words.lacking}"', "of ", text=words.lacking),
                Step("Read the first note", "Esc back", ("Enter",)),
                Step("Go through the links that it may lack", "suggestion 1 of", ("s",)),
                Step("Skip the first suggestion", "suggestion 2 of", ("k",)),
                Step("Dismiss the next one", "suggestion 3 of", ("d",)),
                Step("Undo that: first it is said what would be undone", "undo", ("u",)),
                Step("Say yes: it is suggested again", "suggestion 2 of", ("y",)),
                Step("Apply it: the link is inserted", "suggestion 3 of", ("a",)),
                Step("Undo that, too", "undo", ("u",)),
                Step("Say yes", "suggestion 2 of", ("y",)),
                Step("End the walk", "Enter follow", ("Escape",)),
                Step("Go through what to read again today", "1 of", ("r",)),
                Step("Say that the first note is still true", "2 of", ("r",)),
                Step("Skip the next one", "3 of", ("k",)),
                Step("End the walk", "Enter follow", ("q",)),
                leave,
            ),
        ),
        Flow(
            "edit",
            "D. Edit and capture",
            (
                start,
                Step(f'Type "{words.edited}", and read the first note', "Esc back", ("Enter",), text=words.edited),
                Step("Go to its second link", "Esc back", ("Tab", "Tab")),
                Step("Edit: the editor has the terminal, at the line of the link", "An editor has the terminal", ("e",)),
                Step("Save and leave: the same place, the note read anew", "Added by the editor.", ("Enter",)),
                Step("Stop zettel: the shell has its terminal back", "Stopped", ("C-z",)),
                Step("Continue it", "Added by the editor.", command="fg"),
                Step("Write a thought down", "new note:", ("c",)),
                Step("Type its title", "Say no early", text="Say no early"),
                Step("Make the note", "Say no early", ("Enter",)),
                Step("Write down another one, linked from this note", "linked from this one:", ("C",)),
                Step("Type its title", "Say yes late", text="Say yes late"),
                Step("Make the note: it is linked from the one that is shown", "linked from", ("Enter",)),
                Step("See the end of the note, with the new link", "Say yes late", ("G",)),
                Step("Undo: first it is said what would be undone", "undo", ("u",)),
                Step("Say yes", "undone:", ("y",)),
                Step("Leave", "zettel browse", ("C-q",)),
            ),
        ),
        Flow(
            "wander",
            "E. Wander",
            (
                start,
                Step("See the topics of the notebook", "Tags", ("M-t",)),
                Step("Mark the first one as A", "A: ", ("m",)),
                Step("Mark another one as B", "B: ", ("Down", "m")),
                Step("See the gap between the two", "within 2 hops", ("g",)),
                Step("Go back to the topics", "Tags", ("Escape",)),
                Step("List its notes in the order to read them", "1. ", ("Enter",)),
                Step("Read the first one", "Enter follow", ("Enter",)),
                Step("Choose among its headings", "Enter go", ("o",)),
                Step("Close them, and choose among the backlinks", "Enter go", ("o", "b")),
                Step("Go to the second one: the note that links here, at that place", "Enter follow", ("Down", "Enter")),
                Step("See the graph around it", "Around", ("w",)),
                Step("Choose a neighbour", "Around", ("Down",)),
                Step("Walk there", "Around", ("Right",)),
                Step("Walk back", "Around", ("Left",)),
                Step("Read a random note", "Enter follow", ("R",)),
                leave,
            ),
        ),
    )
