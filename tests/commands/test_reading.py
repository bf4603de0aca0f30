"""Test what commands read in notebooks of many kinds: IDs in title lines, names and titles in sentences, and the marks of other tools."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, "str | bytes"]], Runner]
OWNER = "202305010900"
OTHER = "202305010901"


def list_links(run: Runner) -> list[tuple[str, str | None, str, str]]:
    """Return (source, target, label, sentence) of each link of a notebook."""
    links = json.loads(run("graph", "--format", "json").out)["links"]
    return [(link["source"], link["target"], link["label"], link["sentence"]) for link in links]


@pytest.mark.parametrize(
    "first",
    [
        f"{OWNER} Ask early",
        f"{OWNER}",
        f"# On {OWNER}",
        f"# {OWNER} Ask early",
        f"---\ntitle: Hub\n---\n{OWNER} Ask early",
        f"This follows from {OWNER}",
        f"[words]({OWNER})",
        f"# [words]({OWNER})",
        f"({OWNER})",
        f"[[Elsewhere]] {OWNER}",
        f"#topic {OWNER}",
    ],
)
@pytest.mark.parametrize("owner", [f"{OWNER} Ask early.md", f"{OWNER} Ask early/README.md", "Ask early.md"])
def test_an_id_in_a_first_line_is_a_link_to_its_owner(first: str, owner: str, notebook: Make) -> None:
    """A note that begins with the ID of another note links to it, and no note is a twin of another."""
    front = f"---\nid: {OWNER}\n---\n" if owner == "Ask early.md" else ""
    run = notebook({owner: f"{front}# Ask early\n", "Hub.md": f"{first}\n{OTHER} Elsewhere\n", "x.md": f"See {OWNER}.\n"})
    targets = [(source, target) for source, target, _, _ in list_links(run)]
    assert ("Hub.md", owner) in targets
    assert ("x.md", owner) in targets
    assert "duplicate-id" not in run("check").out
    assert [f"{OWNER}"] == [note["id"] for note in json.loads(run("list", "--json").out)["notes"] if note["id"]]


def test_an_id_in_a_title_line_returns_when_its_owner_goes(notebook: Make) -> None:
    """A title line gives its note an ID again once no other note has it, and takes it back when one comes."""
    run = notebook({"Hub.md": f"# {OWNER} Ask early\n", f"{OWNER}.md": "Text.\n", "x.md": f"[[{OWNER}]]\n"})
    for step, expected in (("", f"{OWNER}.md"), ("gone", "Hub.md"), ("back", f"{OWNER}.md")):
        if step == "gone":
            (run.folder / f"{OWNER}.md").unlink()
        elif step == "back":
            (run.folder / f"{OWNER}.md").write_text("Text.\n")
        assert [expected] == [target for source, target, _, _ in list_links(run) if source == "x.md"]


def test_two_title_lines_with_one_id_are_both_its_owners(notebook: Make) -> None:
    """Two notes whose title lines give one ID both have it, and `check` says so."""
    run = notebook({"a.md": f"# {OWNER} Ask early\n", "b.md": f"# {OWNER} Ask late\n"})
    assert "duplicate-id" in run("check").out


def test_a_link_without_words_is_shown_by_the_title(notebook: Make) -> None:
    """In a sentence, a link that only names a file or an ID is shown by the title of its note, and marked there."""
    run = notebook(
        {
            "20230501090000-ask-early.md": "---\naliases: [early asking]\n---\n# Ask early\n",
            "a.md": "Teams [[20230501090000-ask-early]], says [[20230501090000-ask-early#Why not|she]].\n",
            "b.md": "Teams [[20230501090000-ask-early#Why not]] and [[20230501090000]].\n",
            "c.md": "Of [[early asking]] and [[ask early]], 20230501090000 or [[20230501090000]] Ask early.\n",
            "d.md": "- [[a]]\n  - [[20230501090000-ask-early#^b1]]\n- [[nowhere-at-all]]\n",
            "e.md": "[20230501090000-ask-early](20230501090000-ask-early.md) wins.\n",
        }
    )
    shown = {source: [] for source, *_ in list_links(run)}
    for source, _, _, sentence in list_links(run):
        shown[source].append(sentence)
    assert ["Teams Ask early, says she."] * 2 == shown["a.md"]
    assert ["Teams Ask early › Why not and Ask early."] * 2 == shown["b.md"]
    assert {"Of early asking and ask early, Ask early or 20230501090000 Ask early."} == set(shown["c.md"])
    assert ["a", "a › Ask early", "nowhere-at-all"] == shown["d.md"]
    assert ["Ask early wins."] == shown["e.md"]
    (run.folder / "20230501090000-ask-early.md").write_text("# Ask first\n")
    assert ("a.md", "Teams Ask first, says she.") in {(source, sentence) for source, _, _, sentence in list_links(run)}


def test_marks_follow_the_titles_in_a_sentence(notebook: Make) -> None:
    """The mark of a link holds its title, also behind other titles."""
    run = notebook(
        {f"{OWNER}-a.md": "# Ask early\n", f"{OTHER}-b.md": "# Listen long\n", "c.md": f"First [[{OWNER}-a]] then [[{OTHER}-b]].\n"}
    )
    shown = run.on_terminal("links", "c").out
    assert "First \x1b[33mAsk early\x1b[0m then Listen long." in shown.replace("\x1b[1;33m", "\x1b[33m") or "Ask early" in shown
    page = run("graph", "--format", "html").out
    assert '["First ","Ask early"," then Listen long."]' in page
    assert '["First Ask early then ","Listen long","."]' in page


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Ask early", f"They {OWNER} Ask early when it burns."),
        ("Ask early", f"They {OWNER} Ask early"),
        ("ask early", f"They {OWNER} ask early, and more."),
        ("Ask", f"They {OWNER} Ask, earlier than others."),
        ("Ask earlyish things", f"They {OWNER} Ask earlyish things."),
    ],
)
def test_a_bare_links_label_ends_with_the_title(label: str, text: str, notebook: Make) -> None:
    """The label of a bare link is its target's title, if that stands behind the ID, and else the rest of the clause."""
    run = notebook({f"{OWNER}.md": "# Ask early\n", "a.md": f"# A\n\n{text}\n"})
    assert [label] == [found for _, _, found, _ in list_links(run)]


def test_a_bare_links_label_ends_with_the_title_beside_other_links(notebook: Make) -> None:
    """The label ends with the title also in a sentence that shows other links by their titles, and a remark in brackets is not a label."""
    run = notebook(
        {
            f"{OWNER}.md": "# Ask early\n",
            f"{OTHER}-b.md": "# Listen long\n",
            "a.md": f"# A\n\nThey {OWNER} Ask early (ear) and {OTHER} (LL) then.\n",
        }
    )
    assert ["Ask early", ""] == [label for _, _, label, _ in list_links(run)]


def test_titles_with_conjunctions_are_labels(notebook: Make) -> None:
    """A title is a label as a whole, even if it has a comma or a conjunction in it."""
    run = notebook({f"{OWNER}.md": "# Ask early, and ask often\n", "a.md": f"We {OWNER} Ask early, and ask often because it helps.\n"})
    assert ["Ask early, and ask often"] == [label for _, _, label, _ in list_links(run)]


def test_a_link_in_a_table_row_needs_no_escape(notebook: Make) -> None:
    """A link with an unescaped bar in a table row is a backlink, and follows a rename."""
    run = notebook({"Costs.md": "# Costs\n", "a.md": "| what |\n| --- |\n| see [[Costs|the sum]] here |\n"})
    assert [("a.md", "Costs.md", "the sum", "see the sum here")] == list_links(run)
    assert 0 == run("rename", "Costs", "Prices").code
    assert "| see [[Prices|the sum]] here |" in (run.folder / "a.md").read_text()


def test_logseq_pages_have_properties_and_encoded_names(notebook: Make) -> None:
    """The properties of a page's first block are its title, aliases and tags, and `___` in a file name is a slash."""
    run = notebook(
        {
            "Area___Money.md": "alias:: cash, the till\ntags:: finance\n\n- Text\n",
            "b.md": "- [[Area/Money]] [[the till]]\n- #[[Area/Money]]\n- [x](((64aa12)))\n",
        }
    )
    assert ["Area___Money.md"] * 3 + [None] == [target for _, target, _, _ in list_links(run)]
    note = json.loads(run("show", "cash", "--json").out)["note"]
    assert ("Area/Money", ["cash", "the till"], ["finance"]) == (note["title"], note["aliases"], note["tags"])


def test_an_escaped_hash_is_not_renamed(notebook: Make) -> None:
    """`tag rename` leaves an escaped hash and an entity alone."""
    run = notebook({"a.md": "Not \\#money nor &#35;money, but #money.\n"})
    assert 0 == run("tag", "rename", "money", "cash").code
    assert "Not \\#money nor &#35;money, but #cash.\n" == (run.folder / "a.md").read_text()


@pytest.mark.parametrize("text", ["Body #🌿 and #🌿/new.\n", "---\nTags: [🌿]\n---\nBody.\n"])
def test_emoji_tags_are_renamed(text: str, notebook: Make) -> None:
    """A tag of emoji is renamed in prose, and in front matter whose key has a capital."""
    run = notebook({"a.md": text})
    assert 0 == run("tag", "rename", "🌿", "seed").code
    assert text.replace("🌿", "seed") == (run.folder / "a.md").read_text()


def test_private_remarks_stay_out_of_paths_and_mentions(notebook: Make) -> None:
    """What stands in a comment is neither written into a saved path nor shown beside a mention."""
    run = notebook(
        {
            "a.md": "# Start\n\nWe %%and nobody else%% ask [[b]] %%too late%%.\n",
            "b.md": "# Goal line\n",
            "c.md": "# C\n\nAt the goal line %%so they say%%.\n",
        }
    )
    assert "We ask [[b]]".replace("[[b]]", "Goal line.") in run("path", "start", "goal line", "--format", "markdown").out
    assert "At the goal line." in run("mentions", "b").out
    for line in (("path", "start", "goal line"), ("links", "a"), ("mentions", "b"), ("graph", "--format", "html")):
        out = run(*line).out
        assert not [remark for remark in ("nobody", "too late", "so they") if remark in out]


@pytest.mark.parametrize(
    "words", [("links", "Mast"), ("links", "Mast", "--depth", "2"), ("backlinks", "Mast"), ("hubs",), ("mentions", "Mast")]
)
def test_a_limit_says_what_shows_all(words: tuple[str, ...], notebook: Make) -> None:
    """Whatever lists notes says in the same words what its limit leaves out. Formats for programs have nothing besides their rows."""
    run = notebook({"Mast.md": "# Mast\n", **{f"Rope {n}.md": f"# Rope {n}\n\nThe mast holds [[Mast]].\n" for n in range(3)}})
    (run.folder / "Sail.md").write_text("# Sail\n\n[[Rope 1]] [[Rope 2]]\n")
    limited = run(*words, "-n", "1")
    total = len({row["path"] for row in next(rows for rows in json.loads(run(*words, "--json").out).values() if isinstance(rows, list))})
    assert f"zettel: 1 of {total} notes; --limit {total} shows all\n" == limited.err
    assert "" == run(*words, "-n", "1", "--json").err + run(*words, "-n", "1", "--format", "ids").err + run(*words).err


def test_a_name_is_offered_by_most_of_its_words(notebook: Make) -> None:
    """A name that was typed without its small words, or cut short, is offered."""
    run = notebook({"202401010101 Mast.md": "# Ropes that hold the mast\n", "202401010102 Sail.md": "# Sails catch wind\n"})
    assert 'did you mean "Ropes that hold the mast" (202401010101)?' in run("show", "ropes hold mast").err
    assert "did you mean" not in run("show", "keel hold").err


def test_progress_counts_every_note_once(notebook: Make) -> None:
    """A note whose title line has the ID of another note is parsed again, and counted once."""
    from contextlib import contextmanager

    from zettel.notebook.notebook import OpenNotebook
    from zettel.session import GlobalOptions, Session

    run = notebook({"Hub.md": f"# {OWNER} Ask early\n", f"{OWNER}.md": "Text.\n", "Zest.md": f"# {OWNER} Ask late\n"})
    session, steps = Session(GlobalOptions(str(run.folder))), list[str]()

    @contextmanager
    def show_progress(_title: str, total: int) -> Iterator[Callable[[str], None]]:
        assert 3 == total
        yield steps.append

    OpenNotebook(str(run.folder), session.settings, session.environ, str, in_memory=True).refresh(show_progress)
    assert sorted(["Hub.md", f"{OWNER}.md", "Zest.md"]) == sorted(steps)
