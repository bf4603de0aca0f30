"""Test what `zettel mcp --setup` prints: a config that starts the server of this notebook from anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Runner
from zettel.mcp.setup import HOSTS


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    """Return a runner in a notebook whose name has a blank."""
    runner = Runner(tmp_path / "my notes", tmp_path / "home")
    (runner.folder / ".zettel").mkdir(parents=True)
    (runner.folder / "A.md").write_text("# A\n")
    return runner


@pytest.mark.parametrize(
    ("host", "key", "more"),
    [
        ("claude", "mcpServers", {}),
        ("cursor", "mcpServers", {}),
        ("vscode", "servers", {"type": "stdio"}),
        ("zed", "context_servers", {"source": "custom", "env": {}}),
    ],
)
def test_setup_prints_what_the_program_reads(run: Runner, host: str, key: str, more: dict[str, object]) -> None:
    """The JSON stands alone on stdout, with absolute paths; stderr says where it goes."""
    found = run("mcp", "--setup", host, "--write", "capture")
    assert 0 == found.code
    entry = json.loads(found.out)[key]["zettel"]
    assert os.path.isabs(entry["command"])
    assert ["-N", str(run.folder), "mcp", "--write", "capture"] == entry["args"][-5:]
    assert more == {name: given for name, given in entry.items() if name not in ("command", "args")}
    assert "add this to " in found.err


def test_every_host_is_tested() -> None:
    """Every program that `--setup` knows has a row above."""
    marks = test_setup_prints_what_the_program_reads.pytestmark  # type: ignore[attr-defined]
    assert [*HOSTS] == [row[0] for row in marks[0].args[1]]


def test_setup_allows_nothing_by_itself(run: Runner) -> None:
    """Without --write, the server that is set up can only read."""
    assert "--write" not in run("mcp", "--setup", "claude").out


@pytest.mark.process
def test_what_is_set_up_starts(run: Runner) -> None:
    """The command that is printed starts a server from any folder, with nothing in its environment but a home."""
    entry = json.loads(run.process("mcp", "--setup", "claude").out)["mcpServers"]["zettel"]
    question = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
    }
    environ = {name: run.environ[name] for name in ("HOME", "XDG_CACHE_HOME", "PYTHONPATH")}
    done = subprocess.run(
        [entry["command"], *entry["args"]],
        input=json.dumps(question).encode() + b"\n",
        cwd="/",
        env=environ,
        capture_output=True,
        check=True,
    )
    assert "zettel" == json.loads(done.stdout.partition(b"\n")[0])["result"]["serverInfo"]["name"]


@pytest.mark.process
def test_setup_needs_no_sdk(run: Runner, tmp_path: Path) -> None:
    """Without the SDK, --setup prints the same, and says what to install; and it never imports the SDK."""
    code = (
        "import sys\n"
        "class Without:\n"
        "    def __init__(self, finder):\n"
        "        self.finder = finder\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        is_absent = name.partition('.')[0] in ('mcp', 'mcp_types', 'anyio', 'pydantic')\n"
        "        return None if is_absent else self.finder.find_spec(name, path, target)\n"
        "sys.meta_path[:] = map(Without, sys.meta_path)\n"
        "from zettel.__main__ import main\n"
        "sys.argv = ['zettel', 'mcp', '--setup', 'claude']\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=run.folder, env=run.environ, capture_output=True, check=True)
    assert str(run.folder) in json.loads(done.stdout)["mcpServers"]["zettel"]["args"]
    assert b"pip install 'zettel-cli[mcp]'" in done.stderr


def test_setup_outside_a_notebook_says_so(tmp_path: Path) -> None:
    """Where there is no notebook, nothing is printed that would serve none."""
    tmp_path.joinpath("empty").mkdir()
    found = Runner(tmp_path / "empty", tmp_path / "home")("mcp", "--setup", "zed")
    assert (3, "") == (found.code, found.out)
