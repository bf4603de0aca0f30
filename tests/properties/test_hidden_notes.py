"""Test properties of what an assistant reads: nothing of hidden notes, and the same in words and in structured form."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.mcp.questions import NAMING_KEYS, ask, list_questions, list_texts, serve

pytest.importorskip("mcp")

PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
"""All phases except the one that makes a failing example smaller: each example asks a hundred questions, which would take minutes."""

IDS = [f"20240101010{number}" for number in range(6)]
TITLES = ("Trust grows", "Kept promises", "Slow queues", "Secret plans", "Quiet people", "Trust pays")
PATHS = [*(f"{one} {title}.md" for one, title in zip(IDS, TITLES, strict=True)), "people/Ann.md", "people/202402020202 Ben.md", "plain.md"]
HIDE = '["tag:private", "people/*"]'
FRAGMENTS = st.sampled_from(
    [
        *("Trust grows slowly. ", "Kept promises make trust. ", "Slow queues hide secret plans. ", "\n\n", "\n## Part of it\n", "- ", "* "),
        *(f"See {one} {title}. " for one, title in zip(IDS, TITLES, strict=True)),
        *(f"[[{one}]] " for one in IDS),
        *("[[Secret plans]] ", "[[Ann]] ", "[x](people/Ann.md) ", "[[people/202402020202 Ben|a friend]] ", "§202402020202. "),
        *("#team ", "#trust/early ", "#private ", "#private/very ", "#Private ", "`#private` ", "\\#private ", "#privateer "),
        *("Redundancy is margin. ", "Xylographer. ", "202402020202 ", "![[Quiet people]] "),
    ]
)
FRONTS = st.sampled_from(
    [
        '{"title": "Trust", "tags": ["private"]}\n\n',
        *("", "", "---\ntags: [team]\n---\n", "---\ntags: [private]\n---\n", "---\ntitle: Ann\ntags: team\naliases: [Boss]\n---\n"),
        *(
            "---\nid: 202402020202\n---\n",
            "---\ntags: [private\n---\n",
            "---\ntitle: [\n---\n",
            "\n---\ntags: private\n---\n",
            "# Trust grows\n",
        ),
    ]
)
BODIES = st.lists(FRAGMENTS, max_size=8).map("".join)
NOTEBOOKS = st.dictionaries(st.sampled_from(PATHS), st.tuples(FRONTS, BODIES).map("".join), min_size=1, max_size=7)
WORDS = ["trust", "#team", "secret plans", "people", "redundancy", "redundency", "xylo", "Boss", "around trust", "202402020202"]


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write notes, all with the same time, and remove all others."""
    folder.mkdir(exist_ok=True)
    for path in folder.rglob("*.md"):
        if str(path.relative_to(folder)) not in files:
            path.unlink()
    for number, (path, text) in enumerate(sorted(files.items())):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
        os.utime(folder / path, (1_700_000_000 + number, 1_700_000_000 + number))


def leave_out_hidden(files: Mapping[str, str]) -> dict[str, str]:
    """Return the notes that are not hidden, as those are that zettel lists under the tag, those in the folder, and those whose front matter is in doubt."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "notes", files)
        notebook = serve(Path(folder) / "notes", Path(folder), mcp__hide="[]").notebook
        private = {
            path for tag, paths in notebook.catalogue.list_paths_by_tag() if f"{tag}/".lower().startswith("private/") for path in paths
        }
        doubtful = {one.path for one in notebook.list_problems() if one.code in ("front-matter", "displaced-front-matter")}
        doubtful |= {path for path, text in files.items() if text.startswith("{")}
    private |= {path for path in doubtful if "private" in files[path].lower()}
    return {path: text for path, text in files.items() if path not in private and not path.startswith("people/")}


def answer_all(folder: Path, home: Path, *, hide: str, names: list[str]) -> list[str]:
    """Return every answer of a fresh server."""
    served = serve(folder, home, mcp__hide=hide)
    return [_format(ask(served, *question)) for question in list_questions(names, WORDS)]


def _format(answer: object) -> str:
    return repr(answer)


@settings(max_examples=5, deadline=None, phases=PHASES)
@given(NOTEBOOKS, NOTEBOOKS)
def test_answers_are_those_of_a_notebook_without_the_hidden_notes(before: dict[str, str], after: dict[str, str]) -> None:
    """Whatever is hidden, every answer is the one that there would be if those files were deleted, also after notes have changed."""
    names = [*IDS[:4], *TITLES[3:5], "Ann", "people/Ann.md", "plain.md", "202402020202"]
    with tempfile.TemporaryDirectory() as folder:
        whole, rest = Path(folder) / "whole", Path(folder) / "rest"
        served = None
        for number, files in enumerate((before, after)):
            visible = leave_out_hidden(files)
            stamped = sorted(files)
            write(whole, files)
            write(rest, visible)
            for path in visible:  # the same times in both
                time = 1_700_000_000 + stamped.index(path) + 100 * number
                for root in (whole, rest):
                    os.utime(root / path, (time, time))
            if served is None:
                served = serve(whole, Path(folder) / "home", mcp__hide=HIDE)
            else:
                served.refresh()
            expected = answer_all(rest, Path(folder) / f"other {number}", hide="[]", names=names)
            questions = list(list_questions(names, WORDS))
            assert list(zip(questions, expected, strict=True)) == [(question, _format(ask(served, *question))) for question in questions]


@settings(max_examples=15, deadline=None, phases=PHASES)
@given(NOTEBOOKS)
def test_both_forms_name_the_same_notes(files: dict[str, str]) -> None:
    """Every text of the structured form stands in the plain one, which names no note besides."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "notes"
        write(root, files)
        served = serve(root, Path(folder), mcp__hide="[]")
        titles = {note.title for note in served.notebook.catalogue.list_notes()}
        for tool, arguments in list_questions([*IDS, "plain.md", "Ann"], WORDS):
            answer = ask(served, tool, arguments)
            if answer.is_error:
                continue
            texts = sorted({text for key, text in list_texts(answer.structured) if key in NAMING_KEYS}, key=len, reverse=True)
            asked = [str(one) for one in arguments.values()]
            missing = [text for text in texts if text and text not in answer.text and not _stands_in_lines(text, answer.text)]
            rest = answer.text
            for text in [*texts, *asked]:
                rest = rest.replace(text, "") if len(text) > 3 else rest
            assert ([], [], []) == (
                missing,
                [one for one in IDS if one in rest],
                [one for one in titles if len(one) > 4 and one in rest],
            ), (
                tool,
                arguments,
                answer.text,
                json.dumps(answer.structured),
            )


def _stands_in_lines(text: str, plain: str) -> bool:
    """Return whether every line of a text stands in another one, be it behind a backslash."""
    return all(line in plain for line in text.split("\n")) or text in ("both", "out", "in", "forward", "back")
