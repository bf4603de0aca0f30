"""Test that texts which are imported together keep the links that they had to each other, whatever they are called and wherever they lie."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Runner

FOLDERS = ["", "a", "a/b", "c d", "Ünï"]
STEMS = ["one", "Two words", "Drei-ü", "100% sure", "(round)", "dots.in.it", "202101010101 Stamped", "日本 語", "it's", "README", "a&b"]
MEDIA = ["img/one picture.png", "a/two.pdf", "c d/tone (1).mp3"]
TARGET_STYLES = ["encoded", "angle", "bare", "root", "wiki", "wiki label", "definition", "tag", "anchor"]


@st.composite
def draw_tree(draw: st.DrawFn) -> tuple[list[str], list[list[tuple[str, int]]]]:
    """Draw the paths of texts, and for each text the links in it: how each is written, and the number of its target."""
    names = draw(st.lists(st.tuples(st.sampled_from(FOLDERS), st.sampled_from(STEMS)), min_size=1, max_size=7, unique=True))
    paths = [f"{folder}/{stem}.md".lstrip("/") for folder, stem in names]
    link = st.tuples(st.sampled_from([*TARGET_STYLES, "code", "dangling", "media"]), st.integers(0, len(paths) - 1))
    return paths, [draw(st.lists(link, max_size=6)) for _ in paths]


def write_link(style: str, source: str, target: str, number: int, *, is_unique: bool) -> str:
    """Write a link from one text to another in a style. A name that several texts have is written with its folders."""
    path = os.path.relpath(target, os.path.dirname(source) or ".")
    wiki = Path(target).stem if is_unique else f"/{target.removesuffix('.md')}"
    return {
        "encoded": f"[words]({quote(path)})",
        "angle": f"[words](<{path}>)",
        "bare": f"[words]({quote(path.removesuffix('.md'))})",
        "root": f"[words](/{quote(target)})",
        "wiki": f"[[{wiki}]]",
        "wiki label": f"[[{wiki}|words]]",
        "definition": f"[words][r{number}]\n\n[r{number}]: <{path}>",
        "tag": f'<a href="{quote(path)}">words</a>',
        "anchor": f"[words]({quote(path)}#part)",
        "code": f"`[words]({quote(path)})`",
        "dangling": f"[words](missing-{number}-x.md)",
    }[style]


@settings(max_examples=25, deadline=None)
@given(draw_tree())
def test_import_keeps_the_graph(tree: tuple[list[str], list[list[tuple[str, int]]]]) -> None:
    """The links between the notes are those between the texts, what was dangling or code stays so, and every picture is there."""
    paths, links = tree
    stems = Counter(Path(path).stem.casefold() for path in paths)
    with TemporaryDirectory() as name:
        top, expected, shown = Path(name), Counter[tuple[str, str]](), 0
        for number, (path, own) in enumerate(zip(paths, links, strict=True)):
            lines = [f"# Text {number}", "## Part"]
            for at, (style, target) in enumerate(own):
                if style == "media":
                    media = MEDIA[target % len(MEDIA)]
                    shown += 1
                    lines.append(f"![]({quote(os.path.relpath(media, os.path.dirname(path) or '.'))})")
                    continue
                lines.append(write_link(style, path, paths[target], at, is_unique=stems[Path(paths[target]).stem.casefold()] == 1))
                if style not in ("code", "dangling"):
                    expected[f"Text {number}", f"Text {target}"] += 2 if style == "definition" else 1
            file = top / "texts" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
        for media in MEDIA:
            (top / "texts" / media).parent.mkdir(parents=True, exist_ok=True)
            (top / "texts" / media).write_bytes(media.encode())
        (top / "notebook").mkdir()
        run = Runner(top / "notebook", top / "home")
        assert 0 == run("init").code
        result = run("import", str(top / "texts"))
        assert 0 == result.code, result.err
        graph = json.loads(run("graph", "--format", "json").out)
        titles = {note["path"]: note["title"] for note in graph["notes"]}
        found = Counter((titles[link["source"]], titles[link["target"]]) for link in graph["links"] if link["target"])
        assert expected == found
        text = "\n".join(path.read_text(encoding="utf-8") for path in (top / "notebook").glob("*.md"))
        assert sum(style == "code" for own in links for style, _ in own) == text.count("`[words](")
        assert sum(style == "dangling" for own in links for style, _ in own) == text.count("x.md)")
        assert shown == text.count("![](files/")
        used = {MEDIA[target % len(MEDIA)] for own in links for style, target in own if style == "media"}
        assert used == {file.read_text() for file in (top / "notebook").glob("files/*")}
        assert 0 == run("undo", "--yes").code
        assert [] == [path for path in (top / "notebook").rglob("*") if path.is_file() and ".zettel" not in path.parts]
