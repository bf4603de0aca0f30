"""Test faults and hostile input: damaged caches, odd files and streams, and notes that try to run something."""

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


def run_in_shell(run: Runner, line: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a shell line in which $ZETTEL is zettel."""
    environ = {**run.environ, "ZETTEL": " ".join(COMMAND), **environ}
    return subprocess.run(
        ["sh", "-c", line], cwd=run.folder, env=environ, capture_output=True, text=True, errors="surrogateescape", check=False, timeout=120
    )


# Hostile input


@pytest.mark.parametrize(
    "title", ["Zap'; touch pwned; : '=", 'Zap"; touch pwned; "', "Zap $(touch pwned)", "Zap `touch pwned`", 'Zap \\"; touch pwned; "']
)
def test_titles_run_nothing_in_a_shell(title: str, notebook: Make) -> None:
    """What completion hands to zsh and puts on bash's command line is text, whatever a title holds."""
    run = notebook({"202401010101.md": f"---\ntitle: {json.dumps(title)}\n---\n"})
    zsh = run(_ZETTEL_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="zettel show Za").out
    assert "Zap" in zsh
    assert not set("\\;$`'") & set(zsh.removeprefix("_arguments '*: :((").removesuffix("))'\n"))
    for begun in ("Za", '"Za'):
        bash = run(_ZETTEL_COMPLETE="complete_bash", COMP_WORDS=f"zettel\nshow\n{begun}", COMP_CWORD="2").out.rstrip("\n")
        word = f'"{bash}"' if begun[0] == '"' else bash
        printed = subprocess.run(["bash", "-c", f"printf %s {word}"], cwd=run.folder, capture_output=True, text=True, check=False)
        assert title.replace("\\!", "!") == printed.stdout.replace("\\!", "!")
    assert not (run.folder / "pwned").exists()


def test_only_the_quote_at_the_cursor_counts(notebook: Make) -> None:
    """Whether a completion is escaped depends only on the quote at the cursor."""
    run = notebook({"202401010101.md": "# Yak $(touch pwned)\n"})
    out = run(_ZETTEL_COMPLETE="complete_bash", COMP_WORDS="zettel\npath\n'the \"best\" idea'\nYa", COMP_CWORD="3").out
    assert "Yak\\ \\$\\(touch\\ pwned\\)\n" == out


def test_setting_cannot_smuggle_in_another(notebook: Make) -> None:
    """A notebook's config cannot set a user's setting, not even through the compiled settings."""
    run = notebook({**PAIR, ".zettel/config.toml": 'note.folder = "x\\u001eeditor=touch pwned"\n'})
    for _ in range(2):
        done = run("edit", "A", EDITOR="true")
        assert (0, True) == (done.code, "note.folder contains a character that cannot be shown; going on without it" in done.err)
    assert not (run.folder / "pwned").exists()


@pytest.mark.parametrize("folder", ["../out", "/tmp", "a/../../out", ".hidden", "a/.b"])
def test_new_notes_stay_in_the_notebook(folder: str, notebook: Make) -> None:
    """The folder for new notes cannot lead out of the notebook, or to a hidden folder."""
    run = notebook({})
    result = run("-c", f"note.folder={folder}", "new", "thought")
    assert result.code in (2, 5), result
    assert [] == list(run.folder.rglob("*.md"))


def test_new_does_not_follow_a_symlink_out(notebook: Make, tmp_path: Path) -> None:
    """No note is created through a symlink that leads out."""
    run = notebook({})
    (tmp_path / "out").mkdir()
    (run.folder / "link").symlink_to(tmp_path / "out")
    assert 5 == run("-c", "note.folder=link", "new", "thought").code
    assert [] == list((tmp_path / "out").iterdir())


def test_entities_cannot_control_the_terminal(notebook: Make) -> None:
    """A direction override written as an entity is shown, not obeyed, in a rendered note."""
    shown = notebook({"202401010101 A.md": "&#x202e;z &rlm; &#27;[31m\n"}).on_terminal("show", "A", NO_COLOR="1").out
    assert not set("\u202e\u200f\x1b") & set(shown)


# Fresh answers


def test_links_follow_a_moved_newest_note(notebook: Make) -> None:
    """Links to a note that is moved to another folder are updated, even if it was the last one to be read."""
    run = notebook({"a.md": "# Aaa\n\nSee [x](dir/zz.md) and [y](new/zz.md).\n", "dir/zz.md": "# Zz\n", "new/.keep": ""})
    run("list")
    (run.folder / "dir" / "zz.md").rename(run.folder / "new" / "zz.md")
    rows = json.loads(run("links", "a.md", "--json").out)["links"]
    assert {"x": "dangling", "y": "ok"} == {row["label"]: row["status"] for row in rows}


def test_swapped_files_are_noticed(notebook: Make) -> None:
    """Two files of the same size and time that swap their names are read again."""
    run = notebook({"a.md": "# Aaa\n", "b.md": "# Bbb\n"})
    for name in ("a.md", "b.md"):
        os.utime(run.folder / name, (1_700_000_000, 1_700_000_000))
    run("list")
    (run.folder / "a.md").rename(run.folder / "t")
    (run.folder / "b.md").rename(run.folder / "a.md")
    (run.folder / "t").rename(run.folder / "b.md")
    titles = {note["path"]: note["title"] for note in json.loads(run("list", "--json").out)["notes"]}
    assert {"a.md": "Bbb", "b.md": "Aaa"} == titles


def test_changed_settings_with_the_old_time_are_noticed(notebook: Make) -> None:
    """Changed settings with the old length and the old time are used from the next command on."""
    run = notebook({".zettel/config.toml": 'ignore = ["a*"]\n', "a.md": "", "b.md": ""})
    config = run.folder / ".zettel" / "config.toml"
    assert "b.md\n" == run("list", "--format", "paths").out
    when = config.stat().st_mtime_ns
    config.write_text('ignore = ["b*"]\n', encoding="utf-8")
    os.utime(config, ns=(when, when))
    assert "a.md\n" == run("list", "--format", "paths").out


def test_names_match_in_any_unicode_form(notebook: Make) -> None:
    """A folder and a file with decomposed names are found by composed names, and by what zettel prints."""
    run = notebook({"cafe\u0301/Zoe\u0308.md": "# X\n"})
    printed = run("list", "--format", "paths").out.strip()
    for name in (printed, "caf\u00e9/Zo\u00eb.md", "./cafe\u0301/Zoe\u0308"):
        assert 0 == run("show", name).code, name
    assert printed == run("list", "--in", "caf\u00e9", "--format", "paths").out.strip()


def test_concurrent_searches_build_one_index(notebook: Make) -> None:
    """Processes that find no index build one together, which has every note once."""
    run = notebook({f"2024010101{n:02d} N{n}.md": "trust\n" for n in range(20)})
    line = " ".join("$ZETTEL search trust >/dev/null 2>&1 &" for _ in range(4)) + " wait"
    assert 0 == run_in_shell(run, line).returncode
    found = json.loads(run("search", "trust", "--json").out)
    assert (20, 20) == (found["total"], len({row["path"] for row in found["results"]}))


# Lost updates


def test_search_corrects_a_word_that_only_a_removed_note_had(notebook: Make) -> None:
    """A word that only a removed note had does not stop the search from correcting it."""
    run = notebook({"a.md": "# One\n\nThere is a planet.\n", "b.md": "# Two\n\nThere is a planer.\n", "c.md": "", "d.md": ""})
    assert "a.md\n" == run("search", "planet", "--format", "paths").out
    (run.folder / "a.md").unlink()
    assert ("b.md\n", 'zettel: no note has "planet": searched for "planer"\n') == run("search", "planet", "--format", "paths")[1:]


def test_link_from_links_no_discarded_draft(notebook: Make) -> None:
    """`--link-from` adds its link only after the note is written."""
    run = notebook(dict(PAIR))
    before = (run.folder / "202401010101 A.md").read_bytes()
    assert 0 == run("new", "--edit", "--link-from", "A", EDITOR="true").code
    assert before == (run.folder / "202401010101 A.md").read_bytes()
    assert 6 == run("new", "--edit", "--link-from", "A", EDITOR="false").code
    assert 2 == len(list(run.folder.glob("*.md")))


@pytest.mark.parametrize("end", ["```\ncode\n", "<!-- comment\n"])
def test_link_from_refuses_an_open_block(end: str, notebook: Make) -> None:
    """If text at the end of the note would not be read as a link, `--link-from` is refused and nothing is written."""
    run = notebook({"202401010101 A.md": f"Text.\n\n{end}"})
    assert 5 == run("new", "thought", "--link-from", "A").code
    assert 1 == len(list(run.folder.glob("*.md")))


def test_new_reports_a_file_in_place_of_the_folder(notebook: Make) -> None:
    """If the folder for new notes cannot be created, `new` reports it and uses up no ID."""
    run = notebook({"box": "a file"})
    assert 6 == run("-c", "note.folder=box", "new", "thought").code
    assert 0 == run("new", "thought").code


def test_ids_are_unique_without_a_cache(notebook: Make) -> None:
    """Even without a cache, processes that create notes at the same time get different IDs."""
    run = notebook({})
    line = " ".join(f"$ZETTEL new p{n} >/dev/null 2>&1 &" for n in range(8)) + " wait"
    run_in_shell(run, line, XDG_CACHE_HOME="/dev/null")
    assert 8 == len({path.name[:12] for path in run.folder.glob("*.md")})


# Faults


def test_unwritable_cache_is_only_a_warning(notebook: Make) -> None:
    """If the cache cannot be written, everything is read again, and one line says so."""
    run = notebook(dict(PAIR))
    for words in (["links", "A"], ["search", "trust"], ["list"]):
        result = run(*words, XDG_CACHE_HOME="/dev/null")
        assert 0 == result.code
        assert run(*words).out == result.out
        assert result.err.startswith("zettel: ")


def test_paths_that_are_not_utf_8_have_a_catalogue(notebook: Make) -> None:
    """A notebook or a cache whose path is not UTF-8 has a catalogue like any other."""
    run = notebook(dict(PAIR))
    (run.folder / "caf\udce9").mkdir()
    (run.folder / "caf\udce9" / "C.md").write_text("Text.\n")
    for line in (
        "cd \"$(printf 'caf\\351')\" && $ZETTEL -N . list && $ZETTEL -N . list",
        "XDG_CACHE_HOME=$PWD/\"$(printf 'c\\351')\" $ZETTEL list",
    ):
        done = run_in_shell(run, line)
        assert 0 == done.returncode
        assert "catalogue" not in done.stderr


def test_deep_front_matter_is_a_problem(notebook: Make) -> None:
    """Front matter nested thousands of levels deep is reported, and the note is read without it."""
    for inside in ("x: " + "[" * 30_000, "x: " + "{a: " * 30_000, "- " * 30_000 + "a", "\n".join(" " * n + "a:" for n in range(400))):
        run = notebook({"202401010101 A.md": f"---\n{inside}\n---\nText.\n"})
        result = run("index")
        assert 0 == result.code, result.err
        assert "202401010101 A.md: the front matter is" in result.err


def test_oversized_files_are_not_read(notebook: Make) -> None:
    """A note of gigabytes is skipped, which `check` reports, and a list of gigabytes is an error."""
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


def test_times_far_in_the_future_work(notebook: Make) -> None:
    """A file time beyond what the catalogue can hold is not an error."""
    run = notebook(dict(PAIR))
    os.utime(run.folder / "202401010102 B.md", (10_413_792_000, 10_413_792_000))
    assert 0 == run("list").code


def test_long_chains_and_deep_tags_work(notebook: Make) -> None:
    """A chain of a thousand links and a tag of a thousand levels are printed, on a terminal too."""
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
        ("mkdir \"$(printf 'caf\\351')\" && cd \"$(printf 'caf\\351')\" && $ZETTEL init && $ZETTEL new x && $ZETTEL list", 0),
        ("PYTHONIOENCODING=ascii:strict $ZETTEL links A", 0),
        ("mkdir p && mkdir p/.zettel && mkfifo p/.zettel/config.toml && cd p && $ZETTEL list", 2),
    ],
)
def test_odd_streams_and_arguments_have_an_exit_code(line: str, code: int, notebook: Make) -> None:
    """Closed and full streams, arguments that are not text and folders that are gone cause at most a message, and the right exit code."""
    done = run_in_shell(notebook(dict(PAIR)), line)
    assert code == done.returncode, done.stderr
    assert "Traceback" not in done.stderr
    assert "bug in zettel" not in done.stderr


@pytest.mark.parametrize("pager", ["'", "less 'x", "no-such-pager"])
def test_unusable_pager_is_skipped(pager: str, notebook: Make) -> None:
    """If the pager cannot be run, the output is printed without it."""
    run = notebook({f"2024010101{n:02d} N{n}.md": "" for n in range(60)})
    shown = run.on_terminal("list", ZETTEL_PAGER="", PAGER=pager)
    assert 0 == shown.code
    assert "N59" in shown.out


def test_relative_cache_is_ignored(notebook: Make) -> None:
    """A relative XDG directory is ignored, so nothing is written among the notes."""
    run = notebook(dict(PAIR))
    assert 0 == run("list", XDG_CACHE_HOME="cache").code
    assert not (run.folder / "cache").exists()


def test_piped_notes_are_the_bytes_of_the_file(notebook: Make) -> None:
    """A note that is not UTF-8 is piped byte for byte."""
    run = notebook({"202401010101 A.md": b"caf\xe9 \xff\n"})
    assert b"caf\xe9 \xff\n" == run("show", "A").out.encode(errors="surrogateescape")
