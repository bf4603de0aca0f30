"""Targets: what notes contain, and that no note is left out."""

from __future__ import annotations

import itertools
import os
import shutil
from unicodedata import normalize

from tests.attacks.lab.fuzz_targets.tokens import SEPARATOR
from tests.attacks.lab.fuzz_targets.workspace import create_folder, open_notebook, split_texts
from tests.properties.test_parse_note import LINE_END, PATH, check_link, collapse_blanks
from zettel.adapters.fs import files
from zettel.adapters.parse import frontmatter
from zettel.adapters.parse.note import parse_note_bytes, parse_tagged_note
from zettel.model.link.resolve import list_spellings, normalise_path, resolve_link
from zettel.model.link.syntax import SYNTAX_BY_NAME
from zettel.model.note import frontmatter as front
from zettel.model.note.context import BESIDE, MAX_SENTENCE, NESTED
from zettel.model.note.parse import ParsedNote


def check_notes(data: bytes) -> None:
    """Any bytes are a note with a title, with links that stand where they are said to, in a sentence of the note, and with no other problem."""
    for label_first in (False, True):
        _check_parsed_note(data, parse_note_bytes(PATH, data, label_first=label_first))


def strip_blanks(text: str) -> str:
    """Return a text without whitespace, and without what joins the parts of a quotation, in the form in which marks are apart from letters."""
    return "".join(normalize("NFD", text.replace(BESIDE, "").replace(NESTED, "")).split())


def is_subsequence(part: str, whole: str) -> bool:
    """Return whether the characters of a text stand in another one, in the same order."""
    characters = iter(whole)
    return all(char in characters for char in part)


def _check_parsed_note(data: bytes, found: ParsedNote) -> None:
    text, wrong = files.decode_bytes(data)
    assert found.title
    assert collapse_blanks(found.title) == found.title
    assert ("encoding" in {problem.code for problem in found.problems}) is bool(wrong)
    assert {"encoding", "front-matter", "displaced-front-matter"} >= {problem.code for problem in found.problems}
    body = strip_blanks(found.text)
    shown = text.encode()
    for link in found.links:
        check_link(shown, link)
        if link.syntax not in ("frontmatter", "reference") and len(link.sentence) < MAX_SENTENCE:
            assert is_subsequence(strip_blanks(link.sentence.strip("…")), body)
    for one, other in itertools.pairwise(found.links):
        assert one.end <= other.start
    assert all(1 <= problem.line <= 1 + len(LINE_END.findall(data)) for problem in found.problems if not wrong)


def check_front_matter(data: bytes) -> None:
    """Any front matter is parsed to fields or reported as a problem with its line. Its texts stand where they are said to, and the note is parsed."""
    raw = data.decode("utf-8", "replace")
    for language, fence in (("yaml", "---"), ("toml", "+++")):
        try:
            fields = frontmatter.parse_fields(raw, language)
        except frontmatter.UnparsableFrontMatter as error:
            assert len(str(error).splitlines()) == 1
            assert error.line >= 1
            fields = {}
        else:
            for scalar in frontmatter.find_scalars(raw, language, front.TAG_FIELDS):
                assert 0 <= scalar.start <= scalar.end <= len(raw)
        assert all(isinstance(key, str) for key in fields)
        note = f"{fence}\n{raw}\n{fence}\n\n# Title\n\n[[202104291526]]\n".encode()
        seen = parse_tagged_note(PATH, note)
        _check_parsed_note(note, seen.parsed)
        if front.find_front_matter(note.decode()):
            assert is_whole_front_matter(note, raw) is False or bool(seen.fields) or not fields


def is_whole_front_matter(note: bytes, raw: str) -> bool:
    """Return whether the front matter that is found is all that stands between the fences, so that it has no fence of its own."""
    split = front.find_front_matter(note.decode())
    return split is not None and split.raw == raw + "\n"


KNOWN_PATHS = ("202104291526 Trust.md", "dir/a.md", "dir/README.md", "Trust.md", "É.md")


def check_destinations(data: bytes) -> None:
    """Any destination is resolved to an existing note, to candidates or to nothing, and never leads out of the notebook."""
    source, dest = split_texts(data, 2)
    source = "/".join(part for part in source.split("/") if part not in ("", ".", "..")) or "a.md"
    for syntax in SYNTAX_BY_NAME:
        if syntax in ("bare", "sign"):
            continue
        found = resolve_link(source, syntax, dest, lambda _: KNOWN_PATHS)
        assert {*filter(None, [found.target]), *found.candidates} <= {*KNOWN_PATHS, source}
        assert list(found.candidates) == sorted(found.candidates)
    for form in list_spellings(dest, encoded=True):
        assert "\0" not in form
        inside = normalise_path(source.rpartition("/")[0], form)
        assert inside is None or not {"..", "."} & set(inside.split("/"))


MAX_FILES = 6
"""The largest number of files in a notebook that is made up."""


def check_notebooks(data: bytes) -> None:
    """Every regular Markdown file that is neither in a hidden folder nor ignored is listed, or named as a problem with its reason."""
    root = create_folder("notebook")
    pieces = data.split(SEPARATOR)
    made: set[str] = set()
    for name, text in itertools.zip_longest(pieces[0 : 2 * MAX_FILES : 2], pieces[1 : 2 * MAX_FILES : 2], fillvalue=b""):
        made |= _write_file(os.fsencode(root), name, text)
    notebook = open_notebook(root)
    try:
        listed = {note.path for note in notebook.catalogue.list_notes()}
        named = {problem.path: problem.message for problem in notebook.list_problems()}
        assert made <= listed | {path for path, why in named.items() if why}
        assert listed <= made
        for path in listed:
            assert notebook.catalogue.find_notes_by_path([path])[path].title
    finally:
        notebook.catalogue.connection.close()
        shutil.rmtree(root)


def _write_file(root: bytes, name: bytes, text: bytes) -> set[str]:
    """Write a file with this name if the file system accepts it, and return the notes that this adds."""
    folders = [part for part in name.split(b"/") if part not in (b"", b".", b"..")]
    path = b"/".join(folders[:4]) + (b"" if name.endswith(b"!") else (b".md", b".MD", b".markdown", b".MarkDown")[len(text) % 4])
    full = os.path.join(root, path)
    try:
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "xb") as file:
            file.write(text)
    except (OSError, ValueError):
        return set()
    is_hidden = any(part.startswith(b".") for part in path.split(b"/")[:-1])
    return set() if is_hidden or not path.lower().endswith((b".md", b".markdown")) else {os.fsdecode(path)}
