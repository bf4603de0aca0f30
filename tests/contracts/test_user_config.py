"""Test the line of the user's config that names the notebook."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from zettel.adapters.user_config import store_notebook
from zettel.model.base.errors import Unreadable


@pytest.mark.parametrize("folder", ["/my notes", '/a"b\\c', "/del\x7f", "/line\nend\x1b", "/ünï🚀\u202e"])
def test_any_folder_can_be_named(folder: str, tmp_path: Path) -> None:
    """The config is TOML that names the folder, whatever characters its name has, and what it had before stays."""
    file = tmp_path / "zettel" / "config.toml"
    file.parent.mkdir()
    file.write_bytes(b'[links]\r\npipe = "label-first"\r\n')
    store_notebook({"XDG_CONFIG_HOME": str(tmp_path)}, folder)
    assert {"notebook": folder, "links": {"pipe": "label-first"}} == tomllib.loads(file.read_bytes().decode())


def test_folder_whose_name_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    """A name that a config file cannot hold is refused, and nothing is written."""
    with pytest.raises(Unreadable, match="not UTF-8"):
        store_notebook({"XDG_CONFIG_HOME": str(tmp_path)}, "/a\udcff")
    assert [] == list(tmp_path.iterdir())
