"""Test how a note looks on a terminal: links of every syntax as words, and everything else of Markdown as people read it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

KNOT = "202403010801"
NOTES = {
    f"{KNOT} The bowline holds.md": "---\ntitle: The bowline holds\naliases: [Bowline]\n---\nOne loop.\n\n## Untying\n\nPush the bight.\n",
    "deck/Cleats.md": "# Cleats\n\nOn deck.\n",
    "one/Buoy.md": "# Buoy\n",
    "two/Buoy.md": "# Buoy\n",
    "chart.png": "",
}

SHOWN_LINKS = [
    (f"Since {KNOT} The bowline holds in rain, I sleep.", "Since The bowline holds in rain, I sleep."),
    (f"Since {KNOT} The bowline\nholds in rain, I sleep.", "Since The bowline holds in rain, I sleep."),
    (f"I sleep, see {KNOT}.", "I sleep, see The bowline holds."),
    (f"I sleep (§{KNOT}).", "I sleep (The bowline holds)."),
    (f"The bowline holds {KNOT}, too.", f"The bowline holds {KNOT}, too."),
    (f"It is [[{KNOT}]] that counts.", "It is The bowline holds that counts."),
    (f"It is [[{KNOT}]] The bowline holds, I say.", "It is The bowline holds, I say."),
    (f"It is [[{KNOT} The bowline holds]], I say.", "It is The bowline holds, I say."),
    (f"It is [[[{KNOT}]]] that counts.", "It is The bowline holds that counts."),
    (f"Learn [[{KNOT}|one knot]] well.", "Learn one knot well."),
    ("Learn the [[Bowline]] well.", "Learn the Bowline well."),
    ("Learn [[The bowline holds#Untying]].", "Learn The bowline holds › Untying."),
    ("Tie it to [[deck/Cleats]] now.", "Tie it to Cleats now."),
    ("Tie it to [the cleats](deck/Cleats.md) now.", "Tie it to the cleats now."),
    ("Tie it to [](deck/Cleats.md) now.", "Tie it to Cleats now."),
    ("Tie it to [the cleats][c] now.\n\n[c]: deck/Cleats.md", "Tie it to the cleats now."),
    ('Tie it to <a href="deck/Cleats.md">the cleats</a> now.', "Tie it to the cleats now."),
    (f"![[{KNOT}]]", "The bowline holds"),
    ("Ask [[Nobody yet]] or [him](him.md).", "Ask Nobody yet or him."),
    ("Mind the [[Buoy]].", "Mind the Buoy."),
    ("Look: ![[chart.png]] and ![a chart of the bay](chart.png)", "Look: [picture: chart.png] and [picture: a chart of the bay]"),
    (
        "Read [the rules](https://example.org/r) and <https://example.org>.",
        "Read the rules (https://example.org/r) and https://example.org.",
    ),
    (f"| Knot |\n| --- |\n| [[{KNOT}\\|the first]] |", "the first"),
    (f"    A loose line with [[{KNOT}]]\n    and more", "A loose line with The bowline holds"),
    (f"<div>In a box: [[{KNOT}]]</div>", "In a box: The bowline holds"),
]


@pytest.fixture(scope="module")
def ropes(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A notebook with a note for each way to write a link."""
    root = tmp_path_factory.mktemp("ropes")
    notes = {**NOTES, **{f"rope {number}.md": f"# Rope {number}\n\n{text}\n" for number, (text, _) in enumerate(SHOWN_LINKS)}}
    for path, text in notes.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / ".zettel").mkdir()
    return Runner(root, tmp_path_factory.mktemp("home"))


def show(run: Runner, *words: str, columns: int = 80, **environ: str) -> str:
    """Return what a terminal shows of a note."""
    return run.on_terminal("show", *words, columns=columns, **{"NO_COLOR": "1", **environ}).out


@pytest.mark.parametrize("number", range(len(SHOWN_LINKS)))
def test_links_are_shown_as_their_words(number: int, ropes: Runner) -> None:
    """A link of any syntax is its label or the title of its note, never brackets or a path."""
    lines = show(ropes, f"rope {number}.md").splitlines()
    assert SHOWN_LINKS[number][1] in lines
    assert not [line for line in lines[2:] if "[[" in line or "](" in line]


def test_links_have_a_colour_that_says_whether_a_note_answers(ropes: Runner) -> None:
    """A link that leads to a note has the colour of links, one that leads to none or to several that of warnings."""
    from zettel.adapters.ansi import CODES

    def paint(text: str, style: str) -> str:
        return f"\x1b[{CODES[style]}m{text}\x1b[0m"

    found = {text: number for number, (text, _) in enumerate(SHOWN_LINKS)}
    assert paint("one knot", "link") in show(ropes, f"rope {found[f'Learn [[{KNOT}|one knot]] well.']}.md", NO_COLOR="")
    dangling = show(ropes, f"rope {found['Ask [[Nobody yet]] or [him](him.md).']}.md", NO_COLOR="")
    assert paint("Nobody yet", "warning") in dangling
    assert paint("him", "warning") in dangling
    assert paint("Buoy", "warning") in show(ropes, f"rope {found['Mind the [[Buoy]].']}.md", NO_COLOR="")


def test_raw_and_pipes_show_the_file_as_it_is(ropes: Runner) -> None:
    """A pipe and `--raw` get the text of the file, with every bracket."""
    text = (ropes.folder / "rope 9.md").read_text(encoding="utf-8")
    assert text == ropes("show", "rope 9.md").out
    assert text == show(ropes, "rope 9.md", "--raw")


STRUCTURED = """\
---
title: Watch keeping
tags: [sea, crew]
date: 2024-03-02
---
# Watch keeping

Hands on deck at eight bells, whatever the weather may be, and
nobody leaves before relief.

- [ ] reef the main
- [x] check `[[the bilge]]`
- three
  1. deep

> [!warning] Fog
> Sound the horn.

```
[[not a link]]   kept
```

| Watch | Hours |
| --- | ---: |
| first | 4 |

### Then

~~Sleep~~ **Wake** *now*.

---

Ends.[^1]

[^1]: At dawn.
<!-- a private remark -->
"""

SHOWN_NOTE = """\
Watch keeping  watch.md
2024-03-02 · 41 words · #sea #crew

Hands on deck at eight bells, whatever the weather may be, and nobody
leaves before relief.

[ ] reef the main
[x] check `[[the bilge]]`
• three
  1. deep

│ Warning: Fog
│ Sound the horn.

  [[not a link]]   kept

Watch  Hours
────────────
first      4

Then
Sleep Wake now.

────────────────────────

Ends.[1]

[1] At dawn.
"""


def test_a_note_is_laid_out_for_reading(notebook: Make) -> None:
    """Front matter is one line; lists, tasks, callouts, code and tables look like what they are; comments are not shown."""
    assert SHOWN_NOTE == show(notebook({"watch.md": STRUCTURED}), "watch.md", columns=70)


def test_lines_that_were_meant_stay_lines(notebook: Make) -> None:
    """Line breaks stay in a paragraph in which the next word would have fit somewhere, and go where an editor wrapped the text."""
    verse = "Red at night\nis a delight to each of us who steers by the clouds alone\nso we sleep\n"
    wrapped = "The glass fell all through the afternoon and nobody on the quay\nsaid a word about it.\n"
    out = show(notebook({"a.md": f"# Signs\n\n{verse}\n{wrapped}"}), "a.md", columns=100)
    assert out.endswith(f"{verse}\nThe glass fell all through the afternoon and nobody on the quay said a word about it.\n")


def test_text_is_not_wider_than_one_can_read(notebook: Make) -> None:
    """On a wide terminal, text has lines of at most a hundred columns."""
    out = show(notebook({"a.md": "# Long\n\n" + "one word after another " * 40 + "\n"}), "a.md", columns=180)
    assert 90 < max(map(len, out.splitlines())) <= 100


def test_a_note_in_another_encoding_is_shown(notebook: Make) -> None:
    """A note that is not in UTF-8 is rendered, too."""
    run = notebook({"a.md": "# Café\n\nUne tasse.\n".encode("latin-1")})
    assert "Une tasse." in show(run, "a.md")


def test_links_stand_below_the_text(notebook: Make) -> None:
    """With --links, the links follow the text, each with its sentence, and headings behind it."""
    run = notebook({"a.md": "# Anchor\n\n## Use\n\nDrop it near [[b]].\n", "b.md": "# Bay\n\nCalm.\n"})
    expected = "Calm.\n\nLinks and backlinks\n  ← Anchor  a.md\n    Drop it near Bay.  — Use\n"
    assert show(run, "b.md", "--links").endswith(expected)


def test_a_block_of_many_tags_and_links_is_shown(notebook: Make) -> None:
    """Every link of a long block of HTML and of a long paragraph is shown as its words, each once, though they take their labels from the text behind them."""
    link = f"[[{KNOT}]] The bowline holds, "
    run = notebook({**NOTES, "a.md": f"# A\n\n<div>\n{f'<b>é</b> [[{KNOT}]] ' * 3}\n</div>\n\n{link * 3}\n"})
    shown = run("--color", "always", "show", "a", COLUMNS="300").out
    plain = re.sub("\x1b[^m]*m", "", shown)
    assert 6 == plain.count("The bowline holds")
    assert KNOT not in plain
