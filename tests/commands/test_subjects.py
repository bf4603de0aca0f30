"""Test the subjects of a notebook: topics, topic, hubs, bridges and clusters."""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Runner
from zettel.commands import clusters, topics
from zettel.services.topics import resolve_topic
from zettel.session import GlobalOptions, Session

Make = Callable[[dict[str, "str | bytes"]], Runner]

TWO_CLUSTERS = {
    "202401010100 Map.md": "---\ntags: structure\n---\n# Map\n\n## Queues\n\n[[202401010102]]\n\n## Batches\n\n[[202401010101]] and [[202401010103]]\n",
    "202401010101 Small queue batch.md": "#flow [[202401010102]] and [[202401010103]]\n",
    "202401010102 Queue of a batch.md": "#flow/lean [[202401010103]]\n",
    "202401010103 Batch in a queue.md": "[[202401010101]] #flow\n",
    "202401010104 Bridge.md": "[[202401010101]], [[202401010105]]\n",
    "202401010105 Trust and repair.md": "[[202401010106]] [[202401010107]]\n",
    "202401010106 Repair of trust.md": "[[202401010107]] [[202401010105]]\n",
    "202401010107 Repair with trust.md": "",
    "202401010108 Pair.md": "[[202401010109]]\n",
    "202401010109 Other of the pair.md": "",
    "202401010110 Alone.md": "",
}


def run_json(run: Runner, *words: str) -> Any:
    """Return the JSON document of a command."""
    result = run(*words, "--json")
    assert 0 == result.code, result.err
    return json.loads(result.out)


def test_hubs_count_notes_not_links(notebook: Make) -> None:
    """Each note that links to a hub counts once, structure notes are marked, and notes without backlinks are not listed."""
    run = notebook({"a.md": "[[hub]] [[hub]] [[hub]]", "b.md": "[[hub]] [[c]]", "hub.md": "[[a]] [[b]]\n#moc", "c.md": "[[c]]"})
    notes = run_json(run, "hubs")["notes"]
    assert [("hub.md", 2, 2, True), ("b.md", 1, 2, False), ("a.md", 1, 1, False), ("c.md", 1, 0, False)] == [
        (note["path"], note["sources"], note["targets"], note["structure"]) for note in notes
    ]


def test_hubs_take_filters_sort_and_limit(starter: Runner) -> None:
    """A filter keeps the order by backlinks, `--sort` sets another one, and `--limit` is applied last."""
    tagged = run_json(starter, "hubs", "--tag", "leadership", "-n", "3")["notes"]
    assert all(any(tag.startswith("leadership") for tag in note["tags"]) for note in tagged)
    assert sorted((note["sources"] for note in tagged), reverse=True) == [note["sources"] for note in tagged]
    assert 3 == len(tagged)
    by_title = [note["title"] for note in run_json(starter, "hubs", "--sort", "title", "-n", "5")["notes"]]
    assert by_title == sorted(by_title, key=str.casefold)
    assert starter("hubs", "--tag", "nowhere").err == "zettel: no note matches the filters\n"


def test_starter_maps_are_structure_notes(starter: Runner) -> None:
    """The structure notes of the starter notebook are its three maps and the note to start with."""
    maps = {"A map of getting things done", "A map of leading people", "A map of choosing a direction"}
    rows = run_json(starter, "topics", "-n", "99")["topics"]
    assert {*maps, "Start here"} == {row["name"] for row in rows if row["kind"] == "structure note"}


def test_bridges_say_what_would_be_cut_off(notebook: Make) -> None:
    """A bridge would cut off the smaller side, which is named by its most linked note. The worst loss comes first."""
    found = run_json(notebook(TWO_CLUSTERS), "bridges")["notes"]
    assert [("Small queue batch", 3), ("Bridge", 3), ("Trust and repair", 2)] == [(note["title"], note["cut_off"]) for note in found]
    assert [(3, "Trust and repair")] == [(piece["size"], piece["title"]) for piece in found[1]["pieces"]]
    assert " Trust and repair and 2 more\n" in notebook(TWO_CLUSTERS)("bridges").out


def test_clusters_have_names_words_and_all_their_notes(notebook: Make) -> None:
    """Clusters are called after their central notes, with telling words and every note, while pairs and isolated notes are only counted."""
    found = run_json(notebook(TWO_CLUSTERS), "clusters")
    assert {"clusters": 1, "notes": 2} == found["small"]
    assert 1 == found["isolated"]
    (cluster,) = (cluster for cluster in found["clusters"] if "trust" in cluster["words"])
    assert ("around Trust and repair", ["repair", "trust"]) == (cluster["label"], sorted(cluster["words"]))
    assert {"Trust and repair", "Repair of trust", "Repair with trust"} <= {note["title"] for note in cluster["notes"]}
    assert all(cluster["label"] == f"around {cluster['central'][0]['title']}" for cluster in found["clusters"])
    assert all(cluster["size"] == len(cluster["notes"]) for cluster in found["clusters"])
    lines = notebook(TWO_CLUSTERS)("clusters").out.splitlines()
    at = lines.index(f"202401010105 Trust and repair  {cluster['size']} notes")
    assert lines[at + 1].strip() == ", ".join(cluster["words"])
    assert lines[-1] == "2 notes in groups of fewer than 3, 1 note without links"


def test_topics_lists_tags_structure_notes_and_unnamed_clusters(notebook: Make) -> None:
    """Nested tags are rolled up, tags that mark structure notes are left out, and a cluster that a tag covers is not listed again."""
    rows = run_json(notebook(TWO_CLUSTERS), "topics")["topics"]
    seen = [(row["kind"], row["name"], row["size"]) for row in rows if row["kind"] in ("tag", "structure note")]
    assert [("tag", "#flow", 3), ("structure note", "Map", 3)] == seen
    assert all("queue" not in row["name"].lower() for row in rows if row["kind"] == "cluster")


def test_topics_limit_applies_to_each_kind(starter: Runner) -> None:
    """`--limit` cuts every kind, and the tree says what shows all."""
    rows = run_json(starter, "topics", "-n", "2")["topics"]
    assert ["tag", "tag", "structure note", "structure note", "hub", "hub"] == [row["kind"] for row in rows]
    assert "2 of 4 structure notes; --limit 4 shows all" in starter("topics", "-n", "2").out


def test_topic_follows_its_structure_note(notebook: Make) -> None:
    """A tag's notes stand under the headings of the structure note that orders them, in its order."""
    found = run_json(notebook(TWO_CLUSTERS), "topic", "#flow")
    assert {"query": "#flow", "reason": "tag", "why": "notes with this tag"} == found["topic"]
    assert [
        (1, "structure note", "Map", []),
        (2, "ordered", "Queue of a batch", ["Queues"]),
        (3, "ordered", "Small queue batch", ["Batches"]),
        (4, "ordered", "Batch in a queue", ["Batches"]),
    ] == [(note["step"], note["part"], note["title"], note["headings"]) for note in found["notes"]]
    assert [None, *["202401010100 Map.md"] * 3] == [note["under"] for note in found["notes"]]


def test_topic_of_one_note_lists_its_neighbours(notebook: Make) -> None:
    """The note comes first, then the notes it is linked with."""
    run = notebook(TWO_CLUSTERS)
    assert ["202401010104", "202401010101", "202401010105"] == run("topic", "Bridge", "--format", "ids").out.split()
    assert ["202401010104", "202401010101"] == run("topic", "Bridge", "-n", "2", "--format", "ids").out.split()


def test_clusters_are_topics(notebook: Make) -> None:
    """`topic` accepts the label, any note of the cluster, and the words that `clusters` prints, in any letter case."""
    run = notebook(TWO_CLUSTERS)
    words = next(cluster["words"] for cluster in run_json(run, "clusters")["clusters"] if "trust" in cluster["words"])
    for text in ("around trust and repair", "around 202401010106", ", ".join(words).upper()):
        found = run_json(run, "topic", *text.split())
        assert "cluster" == found["topic"]["reason"]
        assert {"202401010105", "202401010106", "202401010107"} <= {note["id"] for note in found["notes"]}


def test_unsorted_tags_are_not_subjects(notebook: Make) -> None:
    """A tag of the setting `tags.unsorted` is not listed, covers no cluster and is no telling word, with what is nested below it."""
    files: dict[str, str | bytes] = {f"{at}.md": f"---\ntags: [Inbox/new, later]\n---\n# N{at}\n\n[[{at % 3 + 1}]]\n" for at in (1, 2, 3)}
    run = notebook(files)

    def list_names(*words: str) -> list[tuple[str, list[str]]]:
        return [(row["name"], row["words"]) for row in run_json(run, *words, "topics")["topics"] if row["kind"] in ("tag", "cluster")]

    assert [("#later", [])] == list_names()
    assert [("#Inbox", []), ("#later", [])] == sorted(list_names("-c", "tags.unsorted=draft"))
    assert [("around N1", [])] == list_names("-c", "tags.unsorted=inbox,later")


def test_topics_counts_the_clusters_that_it_leaves_out(notebook: Make, starter: Runner) -> None:
    """Clusters that are about another subject are counted, so that the help's word of them is kept."""
    all_clusters = run_json(starter, "clusters", "-n", "99")["clusters"]
    answer = run_json(starter, "topics", "-n", "99")
    left_out = len(all_clusters) - sum(row["kind"] == "cluster" for row in answer["topics"])
    assert 1 < left_out == answer["named_clusters"]
    assert (
        f"{left_out} clusters are about one of the subjects above: zettel clusters\n" == starter("topics").out.splitlines(keepends=True)[-1]
    )
    assert "about one of the subjects above" not in notebook({"a.md": "[[b]]", "b.md": "#x"})("topics").out


def check_topic_names(folder: Path) -> int:
    """Assert that every name in `topics` resolves to as many notes as listed, or to the named note. Return the number of names."""
    session = Session(GlobalOptions(str(folder)))
    rows = topics.run(session, limit=10**6).rows
    labels = {cluster["label"]: cluster["size"] for cluster in clusters.run(session, limit=10**6).rows}
    assert labels.items() >= {row["name"]: row["size"] for row in rows if row["kind"] == "cluster"}.items()
    for row in rows:
        found = resolve_topic(session, str(row["name"])).notes
        if row["path"] is None:
            assert row["size"] == len(found), row["name"]
        else:
            assert [row["path"]] == [note.path for note in found]
    return len(rows)


def test_graph_has_the_links_of_the_catalogue(notebook: Make) -> None:
    """The graph's numbers stand for the notes of the catalogue's links, whatever IDs and paths they have."""
    files: dict[str, str | bytes] = {"é.md": "[[Z]] [[a/b]]", "Z.md": "[[202401010105]]", "a/b.md": "[[é]]", "🚀.md": "[[Z]]"}
    opened = Session(GlobalOptions(str(notebook({**TWO_CLUSTERS, **files}).folder))).open_notebook()
    graph = opened.catalogue.load_graph(with_notes=True)
    paths = [note.path for note in graph.notes]
    assert sorted(opened.catalogue.list_edges()) == sorted(
        (paths[node], paths[target]) for node in range(len(paths)) for target in graph.targets[node]
    )


def test_every_topic_name_resolves_to_its_topic(notebook: Make) -> None:
    """Names resolve to their subjects, whatever titles look like."""
    assert 10 < check_topic_names(ROOT / "notes")
    titles = ["# Hash", "Twin", "-n", "202401010109", "one, two", "around Twin", "Twin"]
    files: dict[str, str | bytes] = {
        f"20240101011{number} x.md": f"---\ntitle: {json.dumps(title)}\ntags: [moc, 'a/b']\n---\n" + "[[202401010100]] [[202401010101]]" * 2
        for number, title in enumerate(titles)
    }
    run = notebook({**TWO_CLUSTERS, **files})
    assert 5 < check_topic_names(run.folder)


@pytest.mark.parametrize("line", ["topics", "topic '#flow'", "topic 'around trust and repair'", "hubs", "bridges", "clusters"])
def test_every_format_has_the_same_rows(line: str, notebook: Make) -> None:
    """JSON lines are the rows of the JSON document, CSV has a line for each printed row, and paths are distinct notes."""
    run, words = notebook(TWO_CLUSTERS), shlex.split(line)
    document = run_json(run, *words)
    rows = document["topics" if line == "topics" else "clusters" if line == "clusters" else "notes"]
    assert 1 == document["version"]
    assert rows
    assert rows == [json.loads(text) for text in run(*words, "--format", "jsonl").out.splitlines()]
    table = list(csv.DictReader(io.StringIO(run(*words, "--format", "csv").out)))
    assert len(table) == (sum(row["size"] for row in rows) if line == "clusters" else len(rows))
    paths = run(*words, "--print0").out.split("\0")[:-1]
    assert all((run.folder / path).is_file() for path in paths)
    assert len(paths) == len(set(paths))
    shown = run.on_terminal(*words)
    assert 0 == shown.code
    assert "\x1b[" in shown.out


def test_clusters_do_not_depend_on_the_hash_seed(starter: Runner) -> None:
    """The same notebook yields the same bytes with any hash seed."""
    for words in (["clusters", "--json"], ["topics", "--json"], ["topic", "trust", "--json"]):
        assert 1 == len({starter(*words, PYTHONHASHSEED=seed).out for seed in ("1", "2", "3")})


@pytest.mark.parametrize("name", ["topics", "topic trust", "hubs", "bridges", "clusters"])
def test_limit_of_zero_is_refused(name: str, starter: Runner) -> None:
    """`--limit 0` is a usage error."""
    result = starter(*name.split(), "--limit", "0")
    assert 2 == result.code
    assert "--limit must be 1 or more, not 0" in result.err


def test_empty_notebook_has_no_subjects(notebook: Make) -> None:
    """Each command prints one line to stderr, and finds nothing."""
    run = notebook({})
    for name in ("topics", "hubs", "bridges", "clusters"):
        result = run(name)
        assert (1, "") == (result.code, result.out)
        assert result.err.startswith("zettel: no ")


def test_titles_cannot_control_the_terminal(notebook: Make) -> None:
    """Escape sequences in titles are shown, not sent."""
    title = '---\ntitle: "\\e[31mred, \\e[31mred"\ntags: moc\n---\n'
    run = notebook({"a.md": f"{title}[[b]] [[c]]", "b.md": f"{title}[[c]]", "c.md": f"{title}[[a]]"})
    for words in (["topics"], ["topic", "a.md"], ["hubs"], ["clusters"], ["bridges"]):
        assert "\x1b[31mred" not in run(*words).out
        assert "\x1b[31mred" not in run.on_terminal(*words, NO_COLOR="1").out
