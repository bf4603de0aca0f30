"""Faults and strangers: damaged caches, odd files and streams, and notes that would like to run something."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import COMMAND, Runner

pytestmark = pytest.mark.process

Make = Callable[[dict[str, "str | bytes"]], Runner]
PAIR: dict[str, str | bytes] = {"202401010101 A.md": "See 202401010102 B.\n", "202401010102 B.md": "trust\n"}


def shell(run: Runner, line: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a shell line in which $ZETTEL is zettel."""
    environ = {**run.environ, "ZETTEL": " ".join(COMMAND), **environ}
    return subprocess.run(
        ["sh", "-c", line], cwd=run.folder, env=environ, capture_output=True, text=True, errors="surrogateescape", check=False, timeout=120
    )


# Nobody let in


@pytest.mark.parametrize(
    "title", ["Zap'; touch pwned; : '=", 'Zap"; touch pwned; "', "Zap $(touch pwned)", "Zap `touch pwned`", 'Zap \\"; touch pwned; "']
)
def test_titles_run_nothing_in_a_shell(title: str, notebook: Make) -> None:
    """What Tab puts into zsh's evaluation and onto bash's command line is text, whatever a title holds."""
    run = notebook({"202401010101.md": f"---\ntitle: {json.dumps(title)}\n---\n"})
    zsh = run(_ZETTEL_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="zettel show Za").out
    assert "Zap" in zsh
    assert not set("\\;$`'") & set(zsh.removeprefix("_arguments '*: :((").removesuffix("))'\n"))
    for begun in ("Za", '"Za'):
        bash = run(_ZETTEL_COMPLETE="complete_bash", COMP_WORDS=f"zettel\nshow\n{begun}", COMP_CWORD="2").out.rstrip("\n")
        word = f'"{bash}"' if begun[0] == '"' else bash
        said = subprocess.run(["bash", "-c", f"printf %s {word}"], cwd=run.folder, capture_output=True, text=True, check=False)
        assert title.replace("\\!", "!") == said.stdout.replace("\\!", "!")
    assert not (run.folder / "pwned").exists()


def test_a_quote_in_an_earlier_word_does_not_count(notebook: Make) -> None:
    """Whether a choice is escaped depends on the quote at the cursor only."""
    run = notebook({"202401010101.md": "# Yak $(touch pwned)\n"})
    out = run(_ZETTEL_COMPLETE="complete_bash", COMP_WORDS="zettel\npath\n'the \"best\" idea'\nYa", COMP_CWORD="3").out
    assert "Yak\\ \\$\\(touch\\ pwned\\)\n" == out


def test_a_setting_cannot_smuggle_in_another(notebook: Make) -> None:
    """A notebook's config cannot set what is the user's own, not by way of the compiled settings either."""
    run = notebook({**PAIR, ".zettel/config.toml": 'note.folder = "x\\u001eeditor=touch pwned"\n'})
    for _ in range(2):
        assert 2 == run("edit", "A", EDITOR="true").code
    assert not (run.folder / "pwned").exists()


@pytest.mark.parametrize("folder", ["../out", "/tmp", "a/../../out", ".hidden", "a/.b"])
def test_new_notes_stay_in_the_notebook(folder: str, notebook: Make) -> None:
    """A new note's folder cannot lead out of the notebook, or to where no note is read."""
    run = notebook({})
    result = run("-c", f"note.folder={folder}", "new", "thought")
    assert result.code in (2, 5), result
    assert [] == list(run.folder.rglob("*.md"))


def test_a_folder_that_is_a_link_out_gets_no_note(notebook: Make, tmp_path: Path) -> None:
    """A note is not made through a symbolic link that leads out."""
    run = notebook({})
    (tmp_path / "out").mkdir()
    (run.folder / "link").symlink_to(tmp_path / "out")
    assert 5 == run("-c", "note.folder=link", "new", "thought").code
    assert [] == list((tmp_path / "out").iterdir())


def test_entities_cannot_steer_the_terminal(notebook: Make) -> None:
    """A direction override written as an entity is shown, not obeyed, in a rendered note."""
    shown = notebook({"202401010101 A.md": "&#x202e;z &rlm; &#27;[31m\n"}).on_terminal("show", "A", NO_COLOR="1").out
    assert not set("\u202e\u200f\x1b") & set(shown)


# Always right at once


def test_moving_the_newest_note(notebook: Make) -> None:
    """A note that is moved to another folder takes its links along, even if it was the last to be read."""
    run = notebook({"a.md": "# Aaa\n\nSee [x](dir/zz.md) and [y](new/zz.md).\n", "dir/zz.md": "# Zz\n", "new/.keep": ""})
    run("list")
    (run.folder / "dir" / "zz.md").rename(run.folder / "new" / "zz.md")
    rows = json.loads(run("links", "a.md", "--json").out)["links"]
    assert {"x": "dangling", "y": "ok"} == {row["label"]: row["status"] for row in rows}


def test_swapped_files_are_noticed(notebook: Make) -> None:
    """Two files of the same size and time that change places are read again."""
    run = notebook({"a.md": "# Aaa\n", "b.md": "# Bbb\n"})
    for name in ("a.md", "b.md"):
        os.utime(run.folder / name, (1_700_000_000, 1_700_000_000))
    run("list")
    (run.folder / "a.md").rename(run.folder / "t")
    (run.folder / "b.md").rename(run.folder / "a.md")
    (run.folder / "t").rename(run.folder / "b.md")
    titles = {note["path"]: note["title"] for note in json.loads(run("list", "--json").out)["notes"]}
    assert {"a.md": "Bbb", "b.md": "Aaa"} == titles


def test_settings_whose_time_was_put_back_are_noticed(notebook: Make) -> None:
    """Other settings of the same length, with the time of those before, count from the next command on."""
    run = notebook({".zettel/config.toml": 'ignore = ["a*"]\n', "a.md": "", "b.md": ""})
    config = run.folder / ".zettel" / "config.toml"
    assert "b.md\n" == run("list", "--format", "paths").out
    when = config.stat().st_mtime_ns
    config.write_text('ignore = ["b*"]\n', encoding="utf-8")
    os.utime(config, ns=(when, when))
    assert "a.md\n" == run("list", "--format", "paths").out


def test_names_in_any_unicode_form(notebook: Make) -> None:
    """A folder and file named in decomposed letters are reached by composed ones, and by what zettel prints."""
    run = notebook({"cafe\u0301/Zoe\u0308.md": "# X\n"})
    printed = run("list", "--format", "paths").out.strip()
    for name in (printed, "caf\u00e9/Zo\u00eb.md", "./cafe\u0301/Zoe\u0308"):
        assert 0 == run("show", name).code, name
    assert printed == run("list", "--in", "caf\u00e9", "--format", "paths").out.strip()


def test_several_searches_on_a_cold_cache(notebook: Make) -> None:
    """Processes that find no index make one together, with every note in it once."""
    run = notebook({f"2024010101{n:02d} N{n}.md": "trust\n" for n in range(20)})
    line = " ".join("$ZETTEL search trust >/dev/null 2>&1 &" for _ in range(4)) + " wait"
    assert 0 == shell(run, line).returncode
    found = json.loads(run("search", "trust", "--json").out)
    assert (20, 20) == (found["total"], len({row["path"] for row in found["results"]}))


# Nothing lost


def test_a_word_that_is_gone_is_not_what_was_meant(notebook: Make) -> None:
    """A word of no note but one that was removed does not stand in the way of the nearest that there is."""
    run = notebook({"a.md": "# One\n\nThere is trust.\n", "b.md": "# Two\n\nThere is a truss.\n", "c.md": "", "d.md": ""})
    assert "a.md\n" == run("search", "trust", "--format", "paths").out
    (run.folder / "a.md").unlink()
    assert ("b.md\n", 'zettel: no note has "trust": searched for "truss"\n') == run("search", "trust", "--format", "paths")[1:]


def test_a_draft_that_is_not_kept_is_not_linked(notebook: Make) -> None:
    """`--link-from` adds its link only once the note is written."""
    run = notebook(dict(PAIR))
    before = (run.folder / "202401010101 A.md").read_bytes()
    assert 0 == run("new", "--edit", "--link-from", "A", EDITOR="true").code
    assert before == (run.folder / "202401010101 A.md").read_bytes()
    assert 6 == run("new", "--edit", "--link-from", "A", EDITOR="false").code
    assert 2 == len(list(run.folder.glob("*.md")))


@pytest.mark.parametrize("end", ["```\ncode\n", "<!-- comment\n"])
def test_link_from_needs_a_place_for_a_link(end: str, notebook: Make) -> None:
    """Where a link at the end of a note would be none, it is refused and nothing is written."""
    run = notebook({"202401010101 A.md": f"Text.\n\n{end}"})
    assert 5 == run("new", "thought", "--link-from", "A").code
    assert 1 == len(list(run.folder.glob("*.md")))


def test_a_folder_in_whose_place_a_file_is(notebook: Make) -> None:
    """Where the folder for new notes cannot be made, `new` says so and ends, and takes no ID."""
    run = notebook({"box": "a file"})
    assert 6 == run("-c", "note.folder=box", "new", "thought").code
    assert 0 == run("new", "thought").code


def test_ids_are_unique_without_a_cache(notebook: Make) -> None:
    """Even where nothing can be kept, processes that make notes at once get different IDs."""
    run = notebook({})
    line = " ".join(f"$ZETTEL new p{n} >/dev/null 2>&1 &" for n in range(8)) + " wait"
    shell(run, line, XDG_CACHE_HOME="/dev/null")
    assert 8 == len({path.name[:12] for path in run.folder.glob("*.md")})


# Faults to survive


def test_a_cache_that_cannot_be_written(notebook: Make) -> None:
    """Where nothing can be kept, everything is read afresh, with a line that says so."""
    run = notebook(dict(PAIR))
    for words in (["links", "A"], ["search", "trust"], ["list"]):
        result = run(*words, XDG_CACHE_HOME="/dev/null")
        assert 0 == result.code
        assert run(*words).out == result.out
        assert result.err.startswith("zettel: ")


def test_a_notebook_whose_path_is_no_utf_8_has_a_catalogue(notebook: Make) -> None:
    """A folder whose name is no UTF-8 is remembered like any other, and so is one whose cache has such a name."""
    run = notebook(dict(PAIR))
    (run.folder / "caf\udce9").mkdir()
    for line in (
        "cd \"$(printf 'caf\\351')\" && $ZETTEL -N . list && $ZETTEL -N . list",
        "XDG_CACHE_HOME=$PWD/\"$(printf 'c\\351')\" $ZETTEL list",
    ):
        done = shell(run, line)
        assert 0 == done.returncode
        assert "catalogue" not in done.stderr


def test_deep_front_matter_is_a_problem_not_a_crash(notebook: Make) -> None:
    """Front matter nested thousands of levels deep is reported, and the note is read without it."""
    for inside in ("x: " + "[" * 30_000, "x: " + "{a: " * 30_000, "- " * 30_000 + "a", "\n".join(" " * n + "a:" for n in range(400))):
        run = notebook({"202401010101 A.md": f"---\n{inside}\n---\nText.\n"})
        result = run("index")
        assert 0 == result.code, result.err
        assert "202401010101 A.md: the front matter is" in result.err


def test_files_too_large_for_notes(notebook: Make) -> None:
    """A note or list of gigabytes is not read: the one is passed over, which `check` says, the other is an error in words."""
    run = notebook(dict(PAIR))
    for name in ("large.md", ".zettel/reviewed"):
        with (run.folder / name).open("wb") as file:
            file.truncate(3 * 2**30)
    assert 2 == run("list", "--format", "ids").out.count("\n")
    assert "large.md" in run("check").out
    assert (6, "zettel: error: .zettel/reviewed cannot be read: it is larger than 100 MB") == (
        (done := run("review")).code,
        done.err.split("\n")[0],
    )


def test_times_far_in_the_future(notebook: Make) -> None:
    """A file's time beyond what the catalogue holds is no error."""
    run = notebook(dict(PAIR))
    os.utime(run.folder / "202401010102 B.md", (10_413_792_000, 10_413_792_000))
    assert 0 == run("list").code


def test_long_chains_and_deep_tags(notebook: Make) -> None:
    """A chain of a thousand links and a tag of a thousand levels are shown, on a terminal too."""
    chain = {f"{202401010000 + n} N{n}.md": f"On to {202401010001 + n}.\n" for n in range(1200)}
    run = notebook({**chain, "tag.md": "#" + "a/" * 1200 + "a\n"})
    assert 0 == run("tags").code
    assert 0 == run.on_terminal("tags").code
    result = run("links", "202401010000", "--depth", "2000")
    assert 0 == result.code, result.err
    assert "202401011199" in result.out
    assert 0 == run.on_terminal("links", "202401010000", "--depth", "2000").code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("$ZETTEL list >&-", 0),
        ("$ZETTEL list >/dev/full", 6),
        ("$ZETTEL --help >/dev/full", 6),
        ("$ZETTEL list --help >/dev/full", 6),
        ("$ZETTEL show nope 2>&-", 4),
        ("$ZETTEL show nope 2>/dev/full", 4),
        ("$ZETTEL show - <&-", 4),
        ("$ZETTEL show \"$(printf 'caf\\351')\"", 2),
        ("$ZETTEL list --tag \"$(printf 'caf\\351')\"", 2),
        ("$ZETTEL list -n 99999999999999999999", 0),
        ("$ZETTEL list --created-after 'may ²'", 2),
        ("$ZETTEL -c search.limit=99999999999999999999999 list", 2),
        ("COLUMNS=99999999999999999999 FORCE_COLOR=1 $ZETTEL list", 0),
        ("mkdir g; cd g; rmdir ../g; $ZETTEL list", 3),
        ("$ZETTEL path A B --max-hops -1", 2),
        ("mkdir \"$(printf 'caf\\351')\" && cd \"$(printf 'caf\\351')\" && $ZETTEL init && $ZETTEL list && $ZETTEL new x", 0),
        ("PYTHONIOENCODING=ascii:strict $ZETTEL links A", 0),
        ("mkdir p && mkdir p/.zettel && mkfifo p/.zettel/config.toml && cd p && $ZETTEL list", 2),
    ],
)
def test_odd_streams_and_arguments(line: str, code: int, notebook: Make) -> None:
    """Closed and full streams, arguments that are no text, folders that are gone: a kind message at most, and the right code."""
    done = shell(notebook(dict(PAIR)), line)
    assert code == done.returncode, done.stderr
    assert "Traceback" not in done.stderr
    assert "bug in zettel" not in done.stderr


@pytest.mark.parametrize("pager", ["'", "less 'x", "no-such-pager"])
def test_odd_pagers(pager: str, notebook: Make) -> None:
    """A pager that cannot be run is done without."""
    run = notebook({f"2024010101{n:02d} N{n}.md": "" for n in range(60)})
    shown = run.on_terminal("list", ZETTEL_PAGER="", PAGER=pager)
    assert 0 == shown.code
    assert "N59" in shown.out


def test_a_relative_cache_is_ignored(notebook: Make) -> None:
    """A relative XDG directory is ignored, so nothing is written among the notes."""
    run = notebook(dict(PAIR))
    assert 0 == run("list", XDG_CACHE_HOME="cache").code
    assert not (run.folder / "cache").exists()


def test_piped_notes_are_the_bytes_of_the_file(notebook: Make) -> None:
    """A note that is not UTF-8 comes out of a pipe as it is."""
    run = notebook({"202401010101 A.md": b"caf\xe9 \xff\n"})
    assert b"caf\xe9 \xff\n" == run("show", "A").out.encode(errors="surrogateescape")
