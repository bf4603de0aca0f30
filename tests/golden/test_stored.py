"""Test that what notes put into the cache changes only together with the version under which it is stored.

An older catalogue or full-text index is rebuilt because its version differs. If parsing or resolving changes but the version does
not, everybody keeps the old answers until a note happens to be edited. So this test records what is stored for a fixed notebook.
After raising a version, run `python -m tests.golden.test_stored` to record it again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from tests.conftest import Runner
from zettel.adapters.catalogue import schema
from zettel.adapters.fulltext import index
from zettel.adapters.fulltext.whoosh import FileStorage
from zettel.model.link.syntax import SYNTAXES

RECORDED = Path(__file__).with_name("stored.json")
NOTES = {
    "202104291524 Execution.md": "---\ntags: [work, work/plans]\naliases: Getting things done\nup: '[[202104291526]]'\n---\n"
    "# Execution is the priority\n\nIt is what 202104291526 Hard decisions are for. See #focus and [[Plans]]?\n\n"
    "## Open questions\n\n- Who decides, and by when?\n- §202104291526 again, ![[Plans#Now|now]], [the map](<maps/The map.md>).\n",
    "202104291526 Hard decisions.md": "---\ntitle: Hard decisions\nid: 202104291526\nreview: 2024-05-01\n---\n#decision\n\n"
    "| link | why |\n| --- | --- |\n| [[202104291524\\|first]] | a row |\n\nReview on 2024-06-01. [a][ref]\n\n[ref]: Plans.md\n",
    "Plans.md": 'Plans\n=====\n\n<a href="maps/The%20map.md">HTML</a>, [[nowhere]], 202104291599, `[[code]]`.\n\n```\n[[fenced]]\n```\n',
    "maps/The map.md": "+++\ntitle = 'The map'\ntags = ['map']\n+++\n1. 202104291524 Execution is the priority\n2. [[Plans]]\n3. l'équipe 知識管理 well-being\n",
    "maps/README.md": "---\nbroken: [\n---\nThe folder's note: [[The map]], [[Getting things done]].\n",
    "Hub.md": "202104291526 Hard decisions\n\n- Plans:\n  - [[Plans]] ^p1\n- #तय \\#not ==[[202104291524]]== %%no%%\n\n"
    "> [!tip] First\n> Then [[Plans|them]].\n\n| a |\n| --- |\n| [[Plans|x]] |\n\none [[a [b]]]\ntwo [c]([[Plans]])\n",
    "Area___Why%3F.md": "alias:: why, what for\n\n- [x](((1f)))\n",
    "marks.md": "# Marks ==here== %%no%%\n\n> # Quoted\n\n- [/] [[Plans|**them**]] and [[Why? So]] go. #a·b [[[c] d]] `e. F`\n\n| a |\n| --- |\n| [[Plans|x [1]]] |\n",
    "late.md": "\n---\ntitle: Late\n---\nText.\n",
    "capitals.md": '---\nTitle: Capitals\nTags: A, b\nAliases: one, two\nDate Created: May 4, 2024\nUp: "[[Plans]]"\n---\n## Part {#p} #c\n',
    "Plans (conflicted copy 2024-05-01).md": "Plans\n=====\n\nMore of [[capitals#Part]].\n",
    "area/Plans for May.md": "---\ntitle: Getting things done\ntags: [ünder, 'work']\n---\n> ## Quoted\n> [[Plans]] in it.\n\n- # Listed\n  [[Late]], too.\n",
    "conflict.md": "Text.\n\n<<<<<<< ours\none [[Plans\n=======\ntwo\n>>>>>>> theirs\n\nWhat shall be left of it?\n",
    "anchors.md": "# Anchors\n\n## First one {#one}\n\nSee [below](#second) and [gone](#third). ^b1\n\n## Second ^s2\n\n"
    "[[Hub#^p1]] [[capitals#Part]] [a](Area___Why%3F.md#x) <a id='x'></a> [Late](some late.md)\n\n[[anchors#First one|up]]\n",
    "sentences.md": "Up:: [[Plans]], [[Late]] (seen:: [[Hub]])\n\n%% later: [[Plans]] %%\n\nA {++[[Plans]]++} and {--not--} ==[[Late]]== *with* [[Hub]]. ![[pic.png|300]] "
    "![alt|20x30](a.png){width=3}\n\n| one | two |\n| --- | --- |\n| [[Plans|x]] | [[Late]] of e.g. [[:alpha:]] [[ -f x ]] |\n\nThree of them:\n[[Plans]]\n[[Late]]\n\n"
    "Words before [[Plans]]\nand a line  \n[[Hub]] by itself\n- deep:\n  - deeper [[Late]]\n\n202104291524 and 202104291524: Execution is the priority. #café #日本語 #👍🏽 #a/b\n\n"
    + "Long " * 80
    + "to [[Plans]] "
    + "and so on " * 40
    + "\n\n- [ ] Why not?\n",
    "syntaxes.md": "\n\n".join(syntax.example for syntax in SYNTAXES if not syntax.is_in_front_matter) + "\n",
}
TABLES = ("note", "name", "tag", "link", "ask", "problem", "question", "sketch", "outline")
FILE_COLUMNS = ("mtime", "size", "ctime")
CONSTANT_COLUMNS = ("problem.col",)


def list_rows(database: Path) -> Iterator[tuple[object, ...]]:
    """Yield every row of the catalogue, without file times and sizes."""
    connection = schema.connect(str(database))
    for table in TABLES:
        columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})") if name not in FILE_COLUMNS]
        for row in connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(columns)}"):
            yield (table, *row)
    connection.close()


def list_postings(folder: Path) -> Iterator[tuple[object, ...]]:
    """Yield every posting of the index: field, term, note, weight."""
    reader = FileStorage(str(folder)).open_index().reader()
    for field, term in reader.all_terms():
        matcher = reader.postings(field, term)
        while matcher.is_active():
            yield field, term, reader.stored_fields(matcher.id())["path"], round(matcher.weight(), 4)
            matcher.next()
    reader.close()


def store(folder: Path) -> dict[str, dict[str, object]]:
    """Let zettel index the fixed notebook, and return the versions and digests of what is in its cache."""
    root = folder / "notes"
    for path, text in NOTES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / ".zettel").mkdir()
    run = Runner(root, folder / "home")
    assert 0 == run("search", "execution").code
    assert 1 == run("check").code  # which stores what checks look for
    (database,) = (folder / "home").rglob("catalogue.db")
    (table_of_contents,) = (folder / "home").rglob("*.toc")
    parts = {
        "catalogue": (schema.SCHEMA_VERSION, sorted(map(repr, list_rows(database)))),
        "index": (index.VERSION, sorted(map(repr, list_postings(table_of_contents.parent)))),
    }
    return {
        name: {"version": version, "rows": len(rows), "sha256": sha256("\n".join(rows).encode()).hexdigest()}
        for name, (version, rows) in parts.items()
    }


def test_stored_content_changes_only_with_its_version(tmp_path: Path) -> None:
    """The catalogue and the index of a fixed notebook hold what was recorded for their versions."""
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    for name, now in store(tmp_path).items():
        was = recorded[name]
        assert was["version"] != now["version"] or was == now, (
            f"the contents of the {name} have changed: raise its version, then run: python -m tests.golden.test_stored"
        )
        assert was == now, f"record the {name} of the new version: python -m tests.golden.test_stored"


def test_fixed_notebook_has_every_syntax(tmp_path: Path) -> None:
    """The fixed notebook stores links in every syntax, so a new syntax has to be added to it."""
    store(tmp_path)
    (database,) = (tmp_path / "home").rglob("catalogue.db")
    connection = schema.connect(str(database))
    assert {syntax.name for syntax in SYNTAXES} == {name for (name,) in connection.execute("SELECT DISTINCT syntax FROM link")}
    connection.close()


def test_fixed_notebook_varies_what_is_stored(tmp_path: Path) -> None:
    """Each column of the catalogue has several values for the fixed notebook, so that a change of any of them shows."""
    store(tmp_path)
    (database,) = (tmp_path / "home").rglob("catalogue.db")
    connection = schema.connect(str(database))
    columns = [(table, column) for table in TABLES for _, column, *_ in connection.execute(f"PRAGMA table_info({table})")]
    counts = {
        f"{table}.{column}": connection.execute(f"SELECT count(DISTINCT coalesce({column}, '')) FROM {table}").fetchone()[0]
        for table, column in columns
    }
    connection.close()
    assert [*CONSTANT_COLUMNS] == [column for column, count in counts.items() if count < 2]


def main() -> None:
    """Record what is stored now."""
    with tempfile.TemporaryDirectory() as folder:
        RECORDED.write_text(json.dumps(store(Path(folder)), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
