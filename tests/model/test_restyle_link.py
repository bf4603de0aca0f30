"""Test how a link is written in another style, and how it is taken out: in tables, headings and front matter, and with words of its own."""

from __future__ import annotations

import pytest

from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.editor.link_manner import ANGLE, ENCODED, ID_AND_TITLE, ID_WITH_LABEL, LinkManners
from zettel.model.editor.restyle_link import restyle_link, take_link_out
from zettel.model.link.link import Link
from zettel.model.link.resolve import list_note_keys, resolve_link
from zettel.model.note.picker_item import PickerItem

SOURCE, ID = "a/source.md", "202104291524"
NOTE = PickerItem("b/202104291524 Old, but (gold).md", ID, "Old, but (gold)", (), (), "")
PLAIN = PickerItem("b/Plain name.md", None, "Plain name", (), (), "")
MANNERS = LinkManners(ID_WITH_LABEL, ENCODED, True)


def resolve(link: Link) -> str | None:
    """Return the note that a link leads to."""
    notes = {note.path: list_note_keys(note.path, note.id, note.title, ()) for note in (NOTE, PLAIN)}
    return resolve_link(link.source, link.syntax, link.dest, lambda key: [path for path, keys in notes.items() if key in keys]).target


def restyle(text: str, style: str, target: PickerItem = NOTE, manners: LinkManners = MANNERS) -> str | None:
    """Return a text after its first link is written in another style, or None."""
    data = text.encode()
    link = parse_note_bytes(SOURCE, data).links[0]
    after = restyle_link(data, link, target, style, manners, lambda data: parse_note_bytes(SOURCE, data), resolve)
    return None if after is None else after.decode()


@pytest.mark.parametrize(
    ("before", "style", "after"),
    [
        (f"See [[{ID}]].\n", "bare", f"See {ID} Old, but (gold).\n"),
        (f"See [[{ID}]].\n", "markdown", "See [Old, but (gold)](../b/202104291524%20Old%2C%20but%20%28gold%29.md).\n"),
        (f"See [[{ID}#Part|words]].\n", "bare", None),
        (f"See [[{ID}|words]].\n", "bare", None),
        (f"See {ID} Old, but (gold).\n", "wiki", f"See [[{ID}|Old, but (gold)]].\n"),
        (f"See {ID} Old, but (gold).\n", "bare", None),
        (f"| a | b |\n|---|---|\n| {ID} | x |\n", "wiki", f"| a | b |\n|---|---|\n| [[{ID}\\|Old, but (gold)]] | x |\n"),
        (f"| a | b |\n|---|---|\n| [[{ID}]] | x |\n", "bare", f"| a | b |\n|---|---|\n| {ID} Old, but (gold) | x |\n"),
        (f"Text.\n\n## On [[{ID}]]\n", "bare", f"Text.\n\n## On {ID} Old, but (gold)\n"),
        (f'---\nup: "[[{ID}]]"\n---\n', "bare", None),
        (f"![[{ID}]]\n", "markdown", None),
        (f"[a \\] b](../b/{ID}%20Old%2C%20but%20%28gold%29.md)\n", "wiki", f"[[{ID}|a ] b]]\n"),
        (f"[a \\]\\] b](../b/{ID}%20Old%2C%20but%20%28gold%29.md)\n", "wiki", None),
        (f"[[{ID}]] and `[[{ID}]]`\n", "bare", f"{ID} Old, but (gold) and `[[{ID}]]`\n"),
    ],
)
def test_link_is_written_in_another_style(before: str, style: str, after: str | None) -> None:
    """The link keeps what it leads to and what it shows; a style that cannot do that is not used."""
    assert after == restyle(before, style)


def test_notes_without_id_and_manners_of_the_notebook() -> None:
    """A note without ID has no bare link, and links look like the others of the notebook."""
    assert None is restyle("[[Plain name]]\n", "bare", PLAIN)
    angle = LinkManners(ID_AND_TITLE, ANGLE, True)
    assert "[Plain name](<../b/Plain name.md>)\n" == restyle("[[Plain name]]\n", "markdown", PLAIN, angle)
    assert "[[202104291524 Old, but (gold)]]\n" == restyle(
        "[x](<../b/202104291524 Old, but (gold).md>)\n".replace("x", NOTE.title), "wiki", NOTE, angle
    )
    assert "[[Plain name|x]]\n" == restyle("[x](<../b/Plain name.md>)\n", "wiki", PLAIN, angle)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("See [[nowhere|these words]].\n", "See these words.\n"),
        ("See [[202401010101 Nowhere]].\n", "See Nowhere.\n"),
        ("See [[202401010101]] there.\n", "See there.\n"),
        ("See 202401010101 Nowhere.\n", "See Nowhere.\n"),
        ("See [*some* `words`](nowhere.md 'tip').\n", "See *some* `words`.\n"),
        ("See ![[nowhere]].\n", None),
        ("See [[#tag word]].\n", "See tag word.\n"),
    ],
)
def test_link_is_taken_out(before: str, after: str | None) -> None:
    """The words of the link stay; what would be read as something else then is left alone."""
    data = before.encode()
    links = parse_note_bytes(SOURCE, data).links
    found = take_link_out(data, links[0], "", lambda data: parse_note_bytes(SOURCE, data), resolve) if links else None
    assert after == (None if found is None else found.decode())
