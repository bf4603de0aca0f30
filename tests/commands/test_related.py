"""What `related` answers, and what is never suggested."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner
from zettel.adapters.zettel_dir import lists
from zettel.model.suggest.insertion_points import Mention
from zettel.services.suggest import suggest_for_least_linked, suggest_links
from zettel.session import GlobalOptions, Session

Make = Callable[[dict[str, str | bytes]], Runner]

NOTES: dict[str, str | bytes] = {
    "queues.md": "# Queues hide work\n\nNothing moves. A queue of half-done work has an unseen constraint. See [[batches]].\n",
    "batches.md": "# Small batches\n\nA small batch ends the queue.\n",
    "limits.md": "---\ntags: [flow]\n---\n# Limits\n\nThe constraint rules. See [[batches]].\n",
    "standup.md": "---\ntags: [flow]\n---\n# Standup\n\nWe said that queues hide work, and went home.\n",
    "map.md": "# Map of flow\n\n- [[queues]]\n- [[standup]]\n",
    "lonely.md": "# Lonely\n\nSunflowers.\n",
}


def _rows(result: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(result)["related"]
    return rows


def _reasons(row: dict[str, object]) -> dict[str, str]:
    return {reason["kind"]: reason["text"] for reason in row["reasons"]}  # type: ignore[attr-defined]


def test_related_notes_come_with_their_reasons(notebook: Make) -> None:
    """A mention in the other note, third notes and rare words in common each are a reason in words."""
    run = notebook(NOTES)
    rows = {row["path"]: row for row in _rows(run("related", "queues", "--json").out)}
    assert {"standup.md", "limits.md"} == set(rows)
    assert {"mentioned": 'is mentioned there as "queues hide work"', "cited-together": '"Map of flow" links to both'} == {
        kind: text for kind, text in _reasons(rows["standup.md"]).items() if kind in ("mentioned", "cited-together")
    }
    assert 'both link to "Small batches"' == _reasons(rows["limits.md"])["cites-the-same"]
    assert "share the word constraint" == _reasons(rows["limits.md"])["words"]


def test_a_mention_and_a_tag_are_reasons(notebook: Make) -> None:
    """What stands in the note itself is a mention; rare tags that both have are told."""
    run = notebook(NOTES)
    rows = {row["path"]: _reasons(row) for row in _rows(run("related", "standup", "--json").out)}
    assert 'mentions "queues hide work"' == rows["queues.md"]["mention"]
    assert "both have #flow" == rows["limits.md"]["tags"]


def test_reasons_add_up_to_the_score(starter: Runner) -> None:
    """The score is the sum of its reasons' weights, and the best come first."""
    rows = _rows(starter("related", "202302060730", "--json").out)
    assert 10 == len(rows)
    assert [pytest.approx(row["score"], abs=1e-3) for row in rows] == [sum(reason["weight"] for reason in row["reasons"]) for row in rows]  # type: ignore[attr-defined]
    assert sorted((row["score"] for row in rows), reverse=True) == [row["score"] for row in rows]  # type: ignore[type-var]


def test_filters_and_limit_choose_among_the_related(starter: Runner) -> None:
    """Filters hold for the related notes, in the order of their scores or the one asked for."""
    everything = [row["path"] for row in _rows(starter("related", "202302060730", "--json", "-n", "1000").out)]
    tagged = starter("list", "--tag", "leadership", "--format", "paths").out.splitlines()
    found = starter("related", "202302060730", "--tag", "leadership", "--format", "paths", "-n", "1000").out.splitlines()
    assert [path for path in everything if path in tagged] == found
    by_title = starter("related", "202302060730", "--sort", "title", "-n", "3", "--format", "paths").out.splitlines()
    listed = starter("list", "--sort", "title", "--format", "paths").out.splitlines()
    assert [path for path in listed if path in everything][:3] == by_title


def test_a_person_sees_the_note_and_the_reasons_below(notebook: Make) -> None:
    """The tree has a line a note, and below it the two heaviest reasons, a line each; no figures."""
    run = notebook(NOTES)
    out = run("related", "standup", "-n", "1").out.splitlines()
    assert ["Standup  standup.md", "  Queues hide work  queues.md"] == out[:2]
    assert ["    share the words work, hide", '    "Map of flow" links to both'] == out[2:]


def test_a_note_without_anything_in_common(notebook: Make) -> None:
    """A note that nothing speaks for gets none, and that is said on stderr."""
    run = notebook(NOTES)
    result = run("related", "lonely")
    assert (0, "", 'zettel: no unlinked note is related to "Lonely"\n') == result


def test_an_empty_note_and_an_empty_notebook_of_one(notebook: Make) -> None:
    """A note without any text has nothing to go by."""
    run = notebook({"empty.md": ""})
    assert [] == _rows(run("related", "empty", "--json").out)


@pytest.fixture
def session(starter: Runner) -> Session:
    """A session on a copy of the starter notebook."""
    return Session(GlobalOptions(str(starter.folder)), starter.environ, str(starter.folder))


def test_nothing_linked_nor_the_note_itself_is_suggested(session: Session) -> None:
    """No note is suggested to itself or to one it is linked with, whichever way."""
    notebook = session.open_notebook()
    for note in notebook.list_notes()[::3]:
        found = {suggestion.note.path for suggestion in suggest_links(session, note, 1000)}
        assert set() == found & {note.path, *notebook.list_neighbours(note.path)}


def test_dismissed_pairs_are_not_suggested(session: Session) -> None:
    """A pair that was dismissed is suggested to neither of its notes, and the next best moves up."""
    note = session.resolve_note("202302060730")
    before = [suggestion.note for suggestion in suggest_links(session, note, 3)]
    lists.dismiss_pair(session.find_root(), note.handle, before[0].handle)
    after = [suggestion.note.path for suggestion in suggest_links(session, note, 2)]
    assert [other.path for other in before[1:]] == after
    assert note.path not in {suggestion.note.path for suggestion in suggest_links(session, before[0], 1000)}


def test_every_place_stands_in_one_of_the_notes(session: Session) -> None:
    """Where a link would go is a mention of the one in the other, or a sentence of the note itself."""
    for note in session.open_notebook().list_notes()[1::4]:
        for suggestion in suggest_links(session, note, 5):
            place = suggestion.insertion_point
            if isinstance(place, Mention):
                assert {note.path, suggestion.note.path} == {place.source, place.target}
            else:
                assert note.path == place.source


def test_the_same_whatever_the_hash_seed(starter: Runner) -> None:
    """The answer is the same to the byte in every run."""
    first, second = (starter("related", "202302060730", "--json", PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first == second


def test_the_loosest_notes_come_first(notebook: Make, tmp_path: Path) -> None:
    """Isolated notes first, then orphans, then by the number of links, newest first; those without suggestions are passed over."""
    run = notebook(
        {
            "202401010000.md": "# Isolated\n\nA queue of limits.\n",
            "202402010000.md": "# Newer isolated\n\nA queue of limits.\n",
            "202403010000.md": "# Orphan\n\nA queue. [[202404010000]]\n",
            "202404010000.md": "# Linked\n\nLimits.\n",
            "202405010000.md": "# Silent\n",
        }
    )
    session = Session(GlobalOptions(str(run.folder)), run.environ, str(run.folder))
    assert ["Newer isolated", "Isolated", "Orphan", "Linked"] == [note.title for note, _ in suggest_for_least_linked(session, 3)]


def test_what_was_edited_and_taken_back_leaves_no_trace(starter: Runner) -> None:
    """After notes came, went and changed, scores and reasons are exactly those of an index made afresh; taken back, they are as before."""

    def answer(cache: str) -> list[tuple[object, object, object]]:
        asked = ("202302060730", "202303142130", "202304111920")
        environ = {"XDG_CACHE_HOME": str(starter.folder / cache)}
        rows = [row for note in asked for row in _rows(starter("related", note, "--json", "-n", "1000", **environ).out)]
        return [(row["path"], row["score"], row["reasons"]) for row in rows]

    before = answer(".kept")
    notes = sorted(path for path in starter.folder.glob("*.md"))
    texts = {path: path.read_bytes() for path in notes}
    for path in notes[::3]:
        path.write_bytes(texts[path] + b"\n\nTrust, feedback and decisions of a queue.\n" * 9)
    for path in notes[1::5]:
        path.unlink()
    (starter.folder / "new.md").write_text("# Psychological safety of teams\n\nTrust. Feedback.\n", encoding="utf-8")
    edited = answer(".kept")
    assert edited == answer(".fresh")
    assert edited != before
    (starter.folder / "new.md").unlink()
    for path, text in texts.items():
        path.write_bytes(text)
    assert before == answer(".kept")


def test_words_of_links_and_common_words_are_no_reason_to_tell(notebook: Make) -> None:
    """Words in common are told where the note says them itself, those of titles first; else it says that they are none of that kind."""
    run = notebook(
        {
            "a.md": "# Lighthouse\n\nThe beacon of an island, see [[harbour]] and [[x|lantern]].\n",
            "b.md": "# Island\n\nAn island, a beacon, a lantern, which are seen.\n",
            "c.md": "# Sea\n\nA lantern.\n",
            "harbour.md": "# Harbour\n\nShips.\n",
            "d.md": "# Ships\n\nMany.\n",
            "e.md": "# Far\n\nThe many.\n",
        }
    )
    rows = {row["path"]: _reasons(row)["words"] for row in _rows(run("related", "a.md", "--json").out) if "words" in _reasons(row)}
    assert "share the words island, beacon" == rows["b.md"]
    assert "share only common words, or words of links" == rows["c.md"]
