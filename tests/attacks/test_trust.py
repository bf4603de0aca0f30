"""Test configs of a stranger: they start nothing that the user has not trusted, and none causes a traceback or takes long."""

from __future__ import annotations

import io
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from tests.attacks import Figures
from tests.conftest import Runner
from tests.sampling import shorten
from zettel.adapters import config_file
from zettel.adapters.zettel_dir import trust
from zettel.model.base.errors import SettingsError, ZettelError
from zettel.session import GlobalOptions, Session

pytestmark = pytest.mark.process

SPELLINGS = (
    'editor = "{}"',
    "'editor' = '{}'",
    '"\\u0065ditor" = "{}"',
    '"pager-command" = "{}"',
    'pager-command = """{}"""',
    "\ufeffeditor = '''\n{}'''",
    "editor = '{}'\r\n[note]\r\nfolder = 'x'\r\n",
    'search.limit = 3\neditor = "{}"\nignore = ["*"]\n',
)
"""Ways to name a program in TOML."""

LARGE = config_file.MAX_CONFIG_BYTES
BOMBS = {
    "a deep key": b"a." * (shorten(LARGE, to=LARGE // 4) // 2 - 4) + b"a = 1",
    "a deep table": b"[" + b"a." * (LARGE // 2 - 4) + b"a]",
    "deep lists": b"ignore = " + b"[" * (LARGE - 20),
    "deep tables": b"note = " + b"{a=" * (LARGE // 3 - 9),
    "a long number": b"search.limit = " + b"9" * (LARGE - 20),
    "a long text": b'ignore = ["' + b"[" * (LARGE - 20) + b'"]',
    "not UTF-8": b"editor = '\xff'",
    "too large": b"#" * (LARGE + 1),
}


def try_configs(folder: Path, choose: random.Random, tries: int) -> tuple[int, int]:
    """Try random configs. Return how many, and how often an untrusted program was used, or a trusted one was not."""
    root = folder.resolve() / "notebook"
    config = root / ".zettel" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    environ = {name: str(folder / name) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    lost = 0
    for number in range(tries):
        config_bytes = choose.choice(SPELLINGS).format(f"evil{number}").encode()
        config.write_bytes(config_bytes)
        wish = trust.read_request(str(root))
        (name,) = wish.programs
        lost += _find_program(environ, root, name) != ""
        trust.grant_trust(environ, wish, "2026-11-22")
        lost += _find_program(environ, root, name) != f"evil{number}"
        data = bytearray(config_bytes)
        place = choose.randrange(len(data))
        data[place : place + choose.choice((0, 1))] = choose.choice((b"", b" ", b"x", b"\n", b"#", bytes([choose.randrange(256)])))
        config.write_bytes(data)
        lost += data != config_bytes and _find_program(environ, root, name) != ""
    return tries, lost


def _find_program(environ: dict[str, str], root: Path, name: str) -> str:
    try:
        return Session(GlobalOptions(str(root)), environ, str(root)).find_program(name)
    except ZettelError:  # it is not a valid config any more
        return ""


def test_only_trusted_bytes_start_a_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program is used as soon as its config is trusted, and no longer once a byte of the config has changed."""
    assert (60, 0) == try_configs(tmp_path, random.Random(1), 60)
    assert "not used until you trust it" in capsys.readouterr().err


@pytest.mark.sampled
@pytest.mark.parametrize("bomb", BOMBS)
def test_malicious_configs_are_reported(bomb: str, tmp_path: Path) -> None:
    """A config that is made to take forever, or too deep to be parsed, is reported in words, and stops only what needs it."""
    (tmp_path / ".zettel").mkdir()
    (tmp_path / ".zettel" / "config.toml").write_bytes(BOMBS[bomb])
    for words in (["list"], ["trust", "--yes"], ["undo", "--list"]) if bomb == "too large" else (["list"],):
        result = Runner(tmp_path, tmp_path / "home")(*words)
        stops = bomb in ("deep lists", "a long text", "too large")  # they set what is a note, or may do so
        assert (2 if stops else 1, "") == result[:2]
        assert "config.toml" in result.err
        assert "Traceback" not in result.err
        assert len(result.err) < 5000


@pytest.mark.parametrize(
    "text",
    [
        *(
            'note.folder = "../.."',
            'note.folder = "/tmp"',
            'note.folder = "a/../../b"',
            'note.folder = ".zettel/journal"',
            'note.folder = "a\\u0000"',
        ),
        *(
            'note.filename = "../{id}"',
            'note.filename = "/{id}"',
            'note.filename = "{id}\\u0000"',
            'note.filename = "{id}\\n"',
            'notebook = "/"',
        ),
    ],
)
def test_settings_that_lead_out_are_refused(text: str, tmp_path: Path) -> None:
    """New notes can be put only into the notebook, and a notebook's config cannot name another notebook."""
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    found, named = config_file.read_settings(str(tmp_path / "none"), str(tmp_path / "config.toml"))
    assert named is None
    assert 1 == len(found.list_unraised())
    name = text.partition(" ")[0]
    if name != "notebook":
        with pytest.raises(SettingsError):
            found[name]


def long_form(minutes: float) -> Iterator[Figures]:
    """Try random configs before they are trusted, after that, and with a byte changed."""
    until = time.monotonic() + minutes * 60
    seed = done = lost = 0
    with tempfile.TemporaryDirectory() as folder, redirect_stderr(io.StringIO()):
        while time.monotonic() < until:
            seed += 1
            more, wrong = try_configs(Path(folder), random.Random(seed), 50)
            done, lost = done + more, lost + wrong
    yield Figures("trust in a notebook's config", done, lost, "each before it is trusted, after that, and with a byte changed")
