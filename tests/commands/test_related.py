"""Test what `related` answers, and what is never suggested."""

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


def _parse_rows(result: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(result)["related"]
    return rows


def _list_reasons(row: dict[str, object]) -> dict[str, str]:
    return {reason["kind"]: reason["text"] for reason in row["reasons"]}  # type: ignore[attr-defined]


def test_related_notes_have_reasons(notebook: Make) -> None:
    """A mention in the other note, a note that links to both, and shared links and rare words are reasons."""
    run = notebook(NOTES)
    rows = {row["path"]: row for row in _parse_rows(run("related", "queues", "--json").out)}
    assert {"standup.md", "limits.md"} == set(rows)
    assert {"mentioned": 'is mentioned there as "queues hide work"', "cited-together": '"Map of flow" links to both'} == {
        kind: text for kind, text in _list_reasons(rows["standup.md"]).items() if kind in ("mentioned", "cited-together")
    }
    assert 'both link to "Small batches"' == _list_reasons(rows["limits.md"])["cites-the-same"]
    assert "share the word constraint" == _list_reasons(rows["limits.md"])["words"]


def test_mention_and_tag_are_reasons(notebook: Make) -> None:
    """A mention in the note itself is a reason, and so are rare shared tags."""
    run = notebook(NOTES)
    rows = {row["path"]: _list_reasons(row) for row in _parse_rows(run("related", "standup", "--json").out)}
    assert 'mentions "queues hide work"' == rows["queues.md"]["mention"]
    assert "both have #flow" == rows["limits.md"]["tags"]


def test_reasons_add_up_to_the_score(starter: Runner) -> None:
    """The score is the sum of its reasons' weights, and the best notes come first."""
    rows = _parse_rows(starter("related", "202302060730", "--json").out)
    assert 10 == len(rows)
    assert [pytest.approx(row["score"], abs=1e-3) for row in rows] == [sum(reason["weight"] for reason in row["reasons"]) for row in rows]  # type: ignore[attr-defined]
    assert sorted((row["score"] for row in rows), reverse=True) == [row["score"] for row in rows]  # type: ignore[type-var]


def test_related_takes_filters_sort_and_limit(starter: Runner) -> None:
    """Filters select among the related notes, in the order of their scores or in the order asked for."""
    everything = [row["path"] for row in _parse_rows(starter("related", "202302060730", "--json", "-n", "1000").out)]
    tagged = starter("list", "--tag", "leadership", "--format", "paths").out.splitlines()
    found = starter("related", "202302060730", "--tag", "leadership", "--format", "paths", "-n", "1000").out.splitlines()
    assert [path for path in everything if path in tagged] == found
    by_title = starter("related", "202302060730", "--sort", "title", "-n", "3", "--format", "paths").out.splitlines()
    listed = starter("list", "--sort", "title", "--format", "paths").out.splitlines()
    assert [path for path in listed if path in everything][:3] == by_title


def test_related_prints_a_tree_of_reasons(notebook: Make) -> None:
    """The tree has one line for each note, and below it the two heaviest reasons, without figures."""
    run = notebook(NOTES)
    out = run("related", "standup", "-n", "1").out.splitlines()
    assert ["Standup  standup.md", "  Queues hide work  queues.md"] == out[:2]
    assert ["    share the words work, hide", '    "Map of flow" links to both'] == out[2:]


def test_unrelated_note_gets_a_message(notebook: Make) -> None:
    """A note without related notes gets an empty answer and a message on stderr."""
    run = notebook(NOTES)
    result = run("related", "lonely")
    assert (0, "", 'zettel: no unlinked note is related to "Lonely"\n') == result


def test_empty_note_has_no_related_notes(notebook: Make) -> None:
    """A note without any text has no related notes."""
    run = notebook({"empty.md": ""})
    assert [] == _parse_rows(run("related", "empty", "--json").out)


@pytest.fixture
def session(starter: Runner) -> Session:
    """A session on a copy of the starter notebook."""
    return Session(GlobalOptions(str(starter.folder)), starter.environ, str(starter.folder))


def test_linked_notes_are_not_suggested(session: Session) -> None:
    """No note is suggested to itself or to a note it is linked with in either direction."""
    notebook = session.open_notebook()
    for note in notebook.catalogue.list_notes()[::3]:
        found = {suggestion.note.path for suggestion in suggest_links(session, note, 1000)}
        assert set() == found & {note.path, *notebook.catalogue.list_neighbours(note.path)}


def test_dismissed_pairs_are_not_suggested(session: Session) -> None:
    """A dismissed pair is suggested to neither of its notes, and the next best note moves up."""
    note = session.resolve_note("202302060730")
    before = [suggestion.note for suggestion in suggest_links(session, note, 3)]
    lists.dismiss_pair(session.find_root(), note.handle, before[0].handle)
    after = [suggestion.note.path for suggestion in suggest_links(session, note, 2)]
    assert [other.path for other in before[1:]] == after
    assert note.path not in {suggestion.note.path for suggestion in suggest_links(session, before[0], 1000)}


def test_insertion_point_is_in_one_of_the_notes(session: Session) -> None:
    """A link would go to a mention of one note in the other, or to a sentence of the note itself."""
    for note in session.open_notebook().catalogue.list_notes()[1::4]:
        for suggestion in suggest_links(session, note, 5):
            point = suggestion.insertion_point
            if isinstance(point, Mention):
                assert {note.path, suggestion.note.path} == {point.source, point.target}
            else:
                assert note.path == point.source


def test_related_does_not_depend_on_the_hash_seed(starter: Runner) -> None:
    """The answer is the same to the byte in every run."""
    first, second = (starter("related", "202302060730", "--json", PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first == second


def test_least_linked_notes_come_first(notebook: Make, tmp_path: Path) -> None:
    """Isolated notes come first, then orphans, then notes by their number of links, newest first. Notes without suggestions are skipped."""
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


def test_reverted_edits_leave_no_trace(starter: Runner) -> None:
    """After edits, scores and reasons are those of a fresh index, and after the edits are reverted they are as before."""

    def list_answers(cache: str) -> list[tuple[object, object, object]]:
        asked = ("202302060730", "202303142130", "202304111920")
        environ = {"XDG_CACHE_HOME": str(starter.folder / cache)}
        rows = [row for note in asked for row in _parse_rows(starter("related", note, "--json", "-n", "1000", **environ).out)]
        return [(row["path"], row["score"], row["reasons"]) for row in rows]

    before = list_answers(".kept")
    notes = sorted(path for path in starter.folder.glob("*.md"))
    texts = {path: path.read_bytes() for path in notes}
    for path in notes[::3]:
        path.write_bytes(texts[path] + b"\n\nTrust, feedback and decisions of a queue.\n" * 9)
    for path in notes[1::5]:
        path.unlink()
    (starter.folder / "new.md").write_text("# Psychological safety of teams\n\nTrust. Feedback.\n", encoding="utf-8")
    edited = list_answers(".kept")
    assert edited == list_answers(".fresh")
    assert edited != before
    (starter.folder / "new.md").unlink()
    for path, text in texts.items():
        path.write_bytes(text)
    assert before == list_answers(".kept")


def test_shared_words_are_those_of_the_prose(notebook: Make) -> None:
    """Shared words are listed only if the note's own prose or title has them. Otherwise the reason says that they are common or in links."""
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
    rows = {
        row["path"]: _list_reasons(row)["words"]
        for row in _parse_rows(run("related", "a.md", "--json").out)
        if "words" in _list_reasons(row)
    }
    assert "share the words island, beacon" == rows["b.md"]
    assert "share only common words, or words of links" == rows["c.md"]
