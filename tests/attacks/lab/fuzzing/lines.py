"""Target: whole command lines, through the front door in this process."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from tests.attacks.lab.fuzzing.place import fresh, home
from tests.attacks.lab.fuzzing.tokens import APART
from zettel import __main__ as door
from zettel.cli import _snapshot
from zettel.model.base.errors import EXIT_CODES

CODES = {0, 1, *EXIT_CODES} - {70, 130}
NAMES = sorted(_snapshot.COMMANDS)
TEXTS = {
    "202104291526 Trust.md": b"---\ntags: [x, lead]\n---\n# Trust\n\nAs in [[Other]] #x/y. Is it so?\n\n## Part\n\nOther things.\n",
    "Other.md": b"# Other\n\nTrust is 202104291526 Trust, 202199999999 and [[nothing]].\n",
    "sub/a.md": b"\xff\xfe broken \x80 [[Trust]]\n",
    "sub/b.md": b"---\ntitle: [\n---\n\n#decision Review: 2024-01-01\n\n\x1b[31m[[a]] <script> [x](../Other.md)\n",
    "article.txt": b"Title\n\nBy A B\n\nSome words of it.\n",
}


def command_lines(data: bytes) -> None:
    """Any command line ends with an exit code of zettel's, and no traceback; an input is the command's name, words, and stdin."""
    words, stdin = _words(data)
    code, err = run(words, stdin)
    assert code in CODES, (words, code, err)
    assert "Traceback" not in err, (words, err)


def _words(data: bytes) -> tuple[list[str], bytes]:
    """A command line, and what is piped into it. Words that lead out of the folder that is made for it are left out."""
    head, *rest = data.split(APART)
    name = head.decode("utf-8", "replace")
    name = name if name in NAMES else NAMES[sum(head) % len(NAMES)]
    stdin = rest.pop() if len(rest) > 3 else b""
    words = [os.fsdecode(word) for word in rest]
    return [name, *(word for word in words if not is_far(word))], stdin


def is_far(word: str) -> bool:
    """Whether a word could name something outside of the folder, or is none that a process can be given."""
    return (
        "\0" in word
        or word[:1] in ("/", "~")
        or "=/" in word
        or "=~" in word
        or ".." in word
        or word.count("/") > 20
        or "completion" in word
    )


def run(words: list[str], stdin: bytes) -> tuple[int, str]:
    """Run a command line on a notebook made for it; gives the exit code, and what was said on stderr."""
    root = fresh("lines")
    for path, text in TEXTS.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(text)
    (root / ".zettel").mkdir()
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with _at(root, stdin), redirect_stdout(out), redirect_stderr(err):
        code = door._dispatch(words)
        out.flush()
    return code, err.getvalue()


@contextmanager
def _at(folder: Path, stdin: bytes) -> Iterator[None]:
    """Be in a folder, with this on stdin, and with nothing of the user's."""
    before, there, here = dict(os.environ), os.getcwd(), os.dup(0)
    argument = sys.stdin
    (home() / "stdin").write_bytes(stdin)
    try:
        os.environ.clear()
        os.environ.update(
            {"HOME": str(home()), "XDG_CACHE_HOME": str(home() / "cache"), "XDG_CONFIG_HOME": str(home() / "config"), "PATH": ""}
        )
        os.chdir(folder)
        with open(home() / "stdin", "rb") as file:
            os.dup2(file.fileno(), 0)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        yield
    finally:
        sys.stdin = argument
        os.dup2(here, 0)
        os.close(here)
        os.chdir(there)
        os.environ.clear()
        os.environ.update(before)
