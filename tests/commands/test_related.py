"""Test what `related` answers, and what is never suggested."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner
from zettel.model.suggest.insertion_points import Mention
from zettel.services.suggest import dismiss_pair, suggest_for_least_linked, suggest_links
from zettel.session import GlobalOptions, Session

Make = Callable[[dict[str, str | bytes]], Runner]

NOTES: dict[str, str | bytes] = {
    "queues.md": "# Queues hide work\n\nNothing moves. A queue of half-done work has an unseen constraint. See [[batches]].\n",
    "batches.md": "# Small batches\n\nA small batch ends the queue.\n",
    "limits.md": "---\ntags: [flow]\n---\n# Limits\n\nThe constraint rules. A queue shows the constraint. See [[batches]].\n",
    "standup.md": "---\ntags: [flow]\n---\n# Standup\n\nWe said that queues hide work within limits, and went home.\n",
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
    assert "both use the words queues, constraint" == _list_reasons(rows["limits.md"])["words"]


def test_mention_and_tag_are_reasons(notebook: Make) -> None:
    """A mention in the note itself is a reason, and so are rare shared tags."""
    run = notebook(NOTES)
    rows = {row["path"]: _list_reasons(row) for row in _parse_rows(run("related", "standup", "--json").out)}
    assert 'mentions "queues hide work"' == rows["queues.md"]["mention"]
    assert "both have #flow" == rows["limits.md"]["tags"]


def test_unsorted_tags_are_not_a_reason(notebook: Make) -> None:
    """Notes that share only a tag of the setting `tags.unsorted` are not related by it."""
    run = notebook(NOTES)
    rows = {row["path"]: _list_reasons(row) for row in _parse_rows(run("-c", "tags.unsorted=flow", "related", "standup", "--json").out)}
    assert not any("tags" in reasons for reasons in rows.values())


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
    assert ['    "Map of flow" links to both', '    mentions "queues hide work"'] == out[2:]


def test_unrelated_note_gets_a_message(notebook: Make) -> None:
    """A note without related notes gets an empty answer and a message on stderr."""
    run = notebook(NOTES)
    result = run("related", "lonely")
    assert (1, "", 'zettel: no unlinked note is related to "Lonely"\n') == result


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
    dismiss_pair(session, note, before[0])
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
            "202401010000.md": "# Isolated\n\nA queue of limits. Limits help the queue.\n",
            "202402010000.md": "# Newer isolated\n\nA queue of limits.\n",
            "202403010000.md": "# Orphan\n\nThe queue has limits. [[202404010000]]\n",
            "202404010000.md": "# Linked\n\nLimits, and a queue.\n",
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
    """Shared words are a reason only if the note's own prose or title has them, not if they only stand in its links."""
    run = notebook(
        {
            "a.md": "# Lighthouse\n\nThe beacon of an island, see [[harbour]] and [[x|lantern]].\n",
            "b.md": "# Island\n\nAn island, a beacon, a lantern. The beacon is seen.\n",
            "c.md": "# Sea\n\nA lantern. The lantern of a harbour. No harbour.\n",
            "harbour.md": "# Harbour\n\nShips.\n",
            "d.md": "# Ships\n\nMany.\n",
            "e.md": "# Far\n\nThe many.\n",
        }
    )
    rows = {row["path"]: _list_reasons(row) for row in _parse_rows(run("related", "a.md", "--json").out)}
    assert "both use the words island, beacon" == rows["b.md"]["words"]
    assert "c.md" not in rows


def test_a_weak_reason_is_none(notebook: Make) -> None:
    """Notes that share only an adverb, a number, a date, a time of day or a vague word, or one rare word in passing, are not related."""
    run = notebook(
        {
            "a.md": "# Sailing\n\nObviously at dusk, on Monday, I called 40 people. What a kind evening. A parrot.\n",
            "b.md": "# Baking\n\nObviously on Monday evening I called 40 people of that kind.\n\n## Monday evening\n\nI called, obviously.\n",
            "c.md": "# Reading\n\nThe parrot was silent.\n",
        }
        | {f"{name}.md": f"# {name}\n\nNothing of the sort.\n" for name in ("Rain", "Hail", "Snow")}
    )
    assert [] == _parse_rows(run("related", "a.md", "--json").out)
    assert [] == json.loads(run("suggest", "a.md", "--json").out)["suggestions"]


WEATHER = {f"{name}.md": f"# {name}\n\nA cloud, and another cloud.\n" for name in ("Rain", "Hail", "Snow", "Wind", "Fog", "Sleet")}


def test_a_note_that_says_the_same_is_related(notebook: Make) -> None:
    """A note is related if a search for the title and first sentences finds it, and the reason quotes the sentence that answers best."""
    run = notebook(
        {
            "a.md": "# Fear of masts\n\nA boss and sailors.\n",
            "b.md": "# Harbours\n\nIt was noon. In fear of the boss all sailors ran. See [[c]].\n",
            "c.md": "# Gardens\n\nRoses, a mast and a boss.\n",
        }
        | WEATHER
    )
    rows = {row["path"]: _list_reasons(row) for row in _parse_rows(run("related", "a.md", "--json").out)}
    assert ["b.md"] == list(rows)
    assert 'says something similar: "In fear of the boss all sailors ran."' == rows["b.md"]["restatement"]
    shown = run("related", "a.md").out
    assert "says something similar" in shown
    assert "share" not in shown


def test_one_word_of_the_question_is_not_a_reason(notebook: Make) -> None:
    """A sentence that has only one word of the title and first sentences does not say the same, and neither does a linked note."""
    run = notebook(
        {
            "a.md": "# Fear of masts\n\nA boss.\n",
            "b.md": "# Harbours\n\nIt was noon. In fear of the tide all of them ran.\n",
            "c.md": "# Gardens\n\nIn fear of the boss all of them ran from [[a]].\n",
        }
        | WEATHER
    )
    assert [] == _parse_rows(run("related", "a.md", "--json").out)


def test_titles_of_links_are_not_quoted(notebook: Make) -> None:
    """A sentence that speaks of the subject only in the title of a note it links to is not quoted."""
    run = notebook(
        {
            "a.md": "# Fear hides faults\n\nSo it is.\n",
            "202401010000.md": "# Where fear hides there are faults\n\nRoses.\n",
            "map.md": "# Map\n\n" + "For many days of heavy rain there is 202401010000 Where fear hides there are faults.\n\n" * 3,
        }
        | WEATHER
    )
    rows = {row["path"]: _list_reasons(row) for row in _parse_rows(run("related", "a.md", "--json").out)}
    assert "has words of this note's title and first sentences" == rows["map.md"]["restatement"]


def test_notes_of_one_day_rank_higher(notebook: Make) -> None:
    """Of two notes with the same reasons, the one that was written on the same day comes first. That is no reason by itself."""
    run = notebook(
        {
            "202403050900.md": "# Ferries\n\nA ferry and its harbour. A ferry waits in the harbour.\n",
            "202403051200.md": "# Tides\n\nThe ferry leaves the harbour.\n",
            "202301051200.md": "# Ropes\n\nThe ferry leaves the harbour.\n",
            "202403051800.md": "# Bread\n\nFlour.\n",
        }
        | {f"20220{number}010000.md": f"# Note {number}\n\nA cloud.\n" for number in range(1, 10)}
        | {f"20210{number}010000.md": f"# Page {number}\n\nA hill.\n" for number in range(1, 10)}
        | {f"20200{number}010000.md": f"# Leaf {number}\n\nA rill.\n" for number in range(1, 10)}
    )
    rows = _parse_rows(run("related", "202403050900", "--json").out)
    assert ["202403051200.md", "202301051200.md"] == [row["path"] for row in rows]
    assert "written on the same day" == _list_reasons(rows[0])["same-day"]
