"""Target: whole command lines, run in this process."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from tests.attacks.lab.fuzz_targets.tokens import SEPARATOR
from tests.attacks.lab.fuzz_targets.workspace import create_folder, get_home
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


def check_command_lines(data: bytes) -> None:
    """Any command line ends with an exit code of zettel's and without a traceback. An input is a command's name, words, and stdin."""
    words, stdin = _parse_words(data)
    code, err = run_command_line(words, stdin)
    assert code in CODES, (words, code, err)
    assert "Traceback" not in err, (words, err)


def _parse_words(data: bytes) -> tuple[list[str], bytes]:
    """Parse an input to a command line and what is piped into it, leaving out words that lead out of the test's folder."""
    head, *rest = data.split(SEPARATOR)
    name = head.decode("utf-8", "replace")
    name = name if name in NAMES else NAMES[sum(head) % len(NAMES)]
    stdin = rest.pop() if len(rest) > 3 else b""
    words = [os.fsdecode(word) for word in rest]
    return [name, *(word for word in words if not is_unsafe_word(word))], stdin


def is_unsafe_word(word: str) -> bool:
    """Return whether a word could name something outside the folder, or cannot be passed to a process."""
    return (
        "\0" in word
        or word[:1] in ("/", "~")
        or "=/" in word
        or "=~" in word
        or ".." in word
        or word.count("/") > 20
        or "completion" in word
    )


def run_command_line(words: list[str], stdin: bytes) -> tuple[int, str]:
    """Run a command line on a notebook created for it, and return the exit code and stderr."""
    root = create_folder("lines")
    for path, text in TEXTS.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(text)
    (root / ".zettel").mkdir()
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with _isolate(root, stdin), redirect_stdout(out), redirect_stderr(err):
        code = door._dispatch(words)
        out.flush()
    return code, err.getvalue()


@contextmanager
def _isolate(folder: Path, stdin: bytes) -> Iterator[None]:
    """Enter a folder, with this on stdin, and with none of the user's variables."""
    variables, old_folder, real_stdin = dict(os.environ), os.getcwd(), os.dup(0)
    python_stdin = sys.stdin
    (get_home() / "stdin").write_bytes(stdin)
    try:
        os.environ.clear()
        os.environ.update(
            {
                "HOME": str(get_home()),
                "XDG_CACHE_HOME": str(get_home() / "cache"),
                "XDG_CONFIG_HOME": str(get_home() / "config"),
                "PATH": "",
            }
        )
        os.chdir(folder)
        with open(get_home() / "stdin", "rb") as file:
            os.dup2(file.fileno(), 0)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        yield
    finally:
        sys.stdin = python_stdin
        os.dup2(real_stdin, 0)
        os.close(real_stdin)
        os.chdir(old_folder)
        os.environ.clear()
        os.environ.update(variables)
