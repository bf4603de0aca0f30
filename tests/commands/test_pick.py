"""Test the picker: fzf on a terminal, the numbered list, notes that are left out of a command line, and hostile notes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT, Result, Runner
from zettel.adapters.fzf import Fzf, find_fzf
from zettel.adapters.shell import SHELLS, read_script
from zettel.cli import missing_notes
from zettel.cli.missing_notes import insert_picks
from zettel.interactive.pick import HARD_OPTIONS, build_fzf_command
from zettel.interactive.picker_keys import CHILD, KEYS
from zettel.model.base.errors import UsageError
from zettel.model.note.picker_item import PickerItem, decode_key, encode_key
from zettel.session import ASK
from zettel.views.pick import FRAME, format_row, measure_list_width

BIRCH, OAK, MOSS = "202405060708", "202405060709", "202405060710"
NOTES = {
    f"{BIRCH} Birches stand in rows.md": f"# Birches stand in rows\n\nThey lean towards {OAK} Oaks stand alone. #wood/light\n",
    f"{OAK} Oaks stand alone.md": "---\naliases: [The old oak]\n---\n# Oaks stand alone\n\n## Why\n\nNobody planted a second one.\n",
    f"{MOSS} Moss.md": f"# Moss\n\nIt grows on the north side of [[{OAK}]] and says little.\n",
    "Grüße vom Waldrand.md": "Ferns without a number.\n",
}
LIST = ("-c", "picker.command=list")
ASKS = "(Enter to leave): "


@pytest.fixture
def forest(tmp_path: Path) -> Runner:
    """A notebook of four notes, one of which has no ID."""
    run = Runner(tmp_path / "forest", tmp_path / "home")
    (run.folder / ".zettel").mkdir(parents=True)
    for number, (name, text) in enumerate(NOTES.items()):
        (run.folder / name).write_text(text, encoding="utf-8")
        os.utime(run.folder / name, (1_700_000_000 - number, 1_700_000_000 - number))
    return run


def pick_in_list(run: Runner, *words: str, typed: tuple[str, ...] = ("1",), **environ: str) -> Result:
    """Run a command on a terminal, and answer each of its questions with a line."""
    return run.on_terminal(*LIST, *words, typed=tuple((": ", f"{line}\r") for line in typed), **environ)


def pick_in_fzf(run: Runner, *words: str, typed: tuple[tuple[str, str], ...], **environ: str) -> Result:
    """Run a command on a terminal with the fzf that is there."""
    return run.on_terminal(*words, typed=typed, columns=140, **environ)


# Without a terminal


@pytest.mark.parametrize("words", ["show", "edit", "rename", "append", "move", "merge", "path", "show --json"])
def test_a_missing_note_is_an_error_without_a_terminal(forest: Runner, words: str) -> None:
    """Without a terminal, a NOTE that is left out is a usage error as ever."""
    result = forest(*words.split())
    assert 2 == result.code
    assert " missing" in result.err


@pytest.mark.parametrize("words", ["pick", "show --pick Moss", "search -i moss", "check --pick"])
def test_picking_needs_a_terminal(forest: Runner, words: str) -> None:
    """Whoever asks for the picker without a terminal is told to name the note."""
    result = forest(*words.split())
    assert 2 == result.code
    assert "there is no terminal to pick a note on" in result.err


def test_an_ambiguous_note_is_an_error_without_a_terminal(forest: Runner) -> None:
    """Without a terminal, a name that several notes answer to lists them and exits with 4."""
    result = forest("show", "stand")
    assert 4 == result.code
    assert '2 notes match "stand"' in result.err


# The numbered list


def test_pick_prints_the_id(forest: Runner) -> None:
    """The note whose number is typed is printed by its ID."""
    result = pick_in_list(forest, "pick", typed=("2",))
    assert 0 == result.code
    assert result.out.endswith(f"{OAK}\n")
    assert f"  1  Birches stand in rows  {BIRCH}\n  2  Oaks stand alone  {OAK}\n" in result.out


def test_words_narrow_the_list(forest: Runner) -> None:
    """Words look for titles, aliases, IDs and tags, whatever accents they have."""
    assert pick_in_list(forest, "pick", typed=("grusse", "1")).out.endswith("Grüße vom Waldrand.md\n")
    assert pick_in_list(forest, "pick", typed=("old oak", "1")).out.endswith(f"{OAK}\n")
    assert pick_in_list(forest, "pick", "wood/light").out.endswith(f"{BIRCH}\n")


def test_several_notes_are_picked(forest: Runner) -> None:
    """With -m, several numbers pick several notes, in that order."""
    assert pick_in_list(forest, "pick", "-m", typed=("3, 1",)).out.endswith(f"{MOSS}\n{BIRCH}\n")


@pytest.mark.parametrize("line", ["", "q"])
def test_leaving_the_list_does_nothing(forest: Runner, line: str) -> None:
    """Enter or q leaves without a note, and the command is not run."""
    before = sorted(path.name for path in forest.folder.glob("*.md"))
    result = pick_in_list(forest, "rename", typed=(line,))
    assert 130 == result.code
    assert before == sorted(path.name for path in forest.folder.glob("*.md"))


def test_a_wrong_number_is_asked_for_again(forest: Runner) -> None:
    """A number that is not in the list picks nothing."""
    result = pick_in_list(forest, "pick", typed=("9", "1"))
    assert "type one of the numbers above" in result.out
    assert result.out.endswith(f"{BIRCH}\n")


def test_a_dumb_terminal_gets_the_list(forest: Runner) -> None:
    """On a terminal that cannot move its cursor there is no fzf."""
    assert forest.on_terminal("pick", typed=((ASKS, "3\r"),), TERM="dumb").out.endswith(f"{MOSS}\n")


def test_the_fzf_of_the_package_is_found_without_importing_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If $PATH has no fzf, the one in the package iterfzf is taken, and without that none. Relative folders are not looked into."""
    program = tmp_path / "site-packages" / "iterfzf" / "fzf"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho '0.60.1 (abc)'\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site-packages")])
    assert Fzf((str(program),), (0, 60)) == find_fzf("", {"PATH": str(tmp_path)})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", "site-packages", str(tmp_path)])
    assert find_fzf("", {"PATH": str(tmp_path)}) is None


# Notes that are left out


def test_a_missing_note_is_picked(forest: Runner) -> None:
    """A command whose NOTE is left out on a terminal goes on with the one that is picked."""
    assert "Nobody planted a second one" in pick_in_list(forest, "show", typed=("2",)).out
    assert "It grows on the north side" in pick_in_list(forest, "backlinks", typed=("2",)).out


def test_an_ambiguous_note_is_picked_among_its_candidates(forest: Runner) -> None:
    """On a terminal, a name that several notes answer to opens the picker on these only."""
    result = pick_in_list(forest, "show", "stand", typed=("2",))
    assert '2 notes match "stand": pick one' in result.out
    assert "Moss" not in result.out.split(ASKS)[0]
    assert "Nobody planted a second one" in result.out


def test_pick_option_forces_the_picker(forest: Runner) -> None:
    """With --pick, the words that are given are not the NOTE."""
    result = pick_in_list(forest, "append", "--pick", "Roots", "are", "deep", typed=("3",))
    assert 0 == result.code
    assert (forest.folder / f"{MOSS} Moss.md").read_text(encoding="utf-8").endswith("\n\nRoots are deep\n")


def test_what_else_is_missing_is_asked_for(forest: Runner) -> None:
    """If only the command is typed, what it needs besides the NOTE is asked for after the note was picked."""
    assert 0 == pick_in_list(forest, "rename", typed=("3", "Lichen")).code
    assert (forest.folder / f"{MOSS} Lichen.md").exists()
    assert 0 == pick_in_list(forest, "append", typed=("birches", "1", "And in the wind")).code
    assert "And in the wind" in (forest.folder / f"{BIRCH} Birches stand in rows.md").read_text(encoding="utf-8")
    assert 0 == pick_in_list(forest, "move", "--pick", typed=("lichen", "1", "low/")).code
    assert (forest.folder / "low" / f"{MOSS} Lichen.md").exists()


def test_a_path_is_picked_by_its_ends(forest: Runner) -> None:
    """`zettel path` asks for both ends, and with one topic for the other."""
    assert "Oaks stand alone" in pick_in_list(forest, "path", typed=("moss", "1", "birches", "1")).out.rpartition(ASKS)[2]
    result = pick_in_list(forest, "path", "Moss", typed=("birches", "1"))
    assert "Birches stand in rows" in result.out.rpartition(ASKS)[2]


def test_an_option_that_names_a_note_is_picked(forest: Runner) -> None:
    """An option that names a note may be left without a value at the end of the line."""
    result = pick_in_list(forest, "new", "Ferns", "--link-from", typed=("3",))
    assert 0 == result.code
    assert "Ferns" in (forest.folder / f"{MOSS} Moss.md").read_text(encoding="utf-8")


def test_deleting_what_was_picked_is_confirmed(forest: Runner) -> None:
    """A note that was picked is easily mistaken, so it is only deleted after a yes."""
    result = forest.on_terminal(*LIST, "delete", typed=((ASKS, "4\r"), ("[y/N] ", "n\r")))
    assert 1 == result.code
    assert (forest.folder / "Grüße vom Waldrand.md").exists()


def test_a_result_is_picked_in_the_order_of_ranking(forest: Runner) -> None:
    """`search -i` picks among the results, best first, and leaves the last list as it is."""
    forest.on_terminal("list", "--sort", "id")
    result = pick_in_list(forest, "search", "-i", "oaks", typed=("1",))
    assert result.out.endswith(f"{OAK}\n")
    assert "Birches" in forest.on_terminal("show", "@1").out


def test_json_has_the_notes_that_were_picked(forest: Runner) -> None:
    """`pick --json` writes the notes as `list` does."""
    result = pick_in_list(forest, "pick", "--json", typed=("3",))
    assert f'"id": "{MOSS}"' in result.out


# The command line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("show", "show @"),
        ("-N x show --links", "-N x show --links @"),
        ("show --pick", "show @"),
        ("show Moss", "show Moss"),
        ("append --pick some text", "append @ some text"),
        ("append", "append @"),
        ("rename", f"rename @ {ASK}"),
        ("rename --pick New title", "rename @ New title"),
        ("rename Moss", "rename Moss"),
        ("move --dry-run", f"move --dry-run @ {ASK}"),
        ("merge", "merge @ @"),
        ("merge Moss", "merge Moss @"),
        ("merge --pick Moss", "merge @ Moss"),
        ("delete --pick Moss", "delete Moss @"),
        ("path --pick oak", "path oak @"),
        ("suggest --pick --limit 3", "suggest --limit 3 @"),
        ("suggest", "suggest"),
        ("new A title --link-from", "new A title --link-from @"),
        ("new A title --tag", "new A title --tag"),
        ("search", "search"),
        ("show --help", "show --help"),
        ("show -- --pick", "show -- --pick"),
        ("nonsense", "nonsense"),
        ("tag rename", "tag rename"),
    ],
)
def test_missing_notes_are_filled_in(line: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, `@` stands for each NOTE that is missing or wanted by --pick, and for nothing else."""
    monkeypatch.setattr(missing_notes, "_is_terminal", lambda **_: True)
    assert expected == " ".join(insert_picks(line.split()))


# fzf


needs_fzf = pytest.mark.skipif(find_fzf("", dict(os.environ)) is None, reason="there is no fzf, and the package iterfzf is not installed")


@needs_fzf
@pytest.mark.process
def test_fzf_picks_a_note(forest: Runner) -> None:
    """In fzf, words narrow the list, a preview shows text and backlinks, and Enter picks."""
    result = pick_in_fzf(forest, "pick", typed=(("Moss", "oaks"), ("2 backlinks", "\r")))
    assert 0 == result.code
    assert result.out.endswith(f"{OAK}\n")
    assert "Nobody planted a second one" in result.out


@needs_fzf
@pytest.mark.process
def test_escape_leaves_fzf(forest: Runner) -> None:
    """Esc leaves the picker with exit code 130, and nothing is done."""
    result = pick_in_fzf(forest, "edit", typed=(("Moss", "\x1b"),), EDITOR="false")
    assert 130 == result.code


@needs_fzf
@pytest.mark.process
def test_ctrl_z_does_not_stop_fzf(forest: Runner) -> None:
    """Ctrl-Z does nothing, since zettel would wait for an fzf that has stopped, and the shell would wait for zettel."""
    result = pick_in_fzf(forest, "pick", typed=(("Moss", "\x1aoaks"), ("2 backlinks", "\r")))
    assert 0 == result.code
    assert result.out.endswith(f"{OAK}\n")


@needs_fzf
@pytest.mark.process
def test_fzf_searches_the_text(forest: Runner) -> None:
    """Ctrl-F searches the text of all notes with the words typed, and Ctrl-T goes back to titles."""
    result = pick_in_fzf(forest, "pick", "planted", typed=(("note>", "\x06"), ("Nobody planted", "\r")))
    assert result.out.endswith(f"{OAK}\n")
    result = pick_in_fzf(
        forest, "pick", "planted", typed=(("note>", "\x06"), ("Nobody planted", "\x14"), ("titles>", "\x15"), ("Moss", "\x1b"))
    )
    assert 130 == result.code


@needs_fzf
@pytest.mark.process
def test_fzf_makes_a_note(forest: Runner) -> None:
    """Ctrl-N makes a note of the words typed, and picks it."""
    result = pick_in_fzf(forest, "pick", "Ferns like shade", typed=(("note>", "\x0e"),))
    assert 0 == result.code
    (path,) = forest.folder.glob("*Ferns like shade.md")
    assert result.out.endswith(f"{path.name[:12]}\n")


@needs_fzf
@pytest.mark.process
def test_fzf_edits_and_shows_links_and_help(forest: Runner, tmp_path: Path) -> None:
    """Ctrl-E edits the note and comes back, Ctrl-L shows its links, Ctrl-/ the keys."""
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "$SHELL" >"$HOME/edited"\n', encoding="utf-8")
    editor.chmod(0o755)
    typed = (("Moss", "oaks"), ("2 backlinks", "\x0c"), ("0 links", "\x1f"), ("Leave without", "\x05"), ("note>", "\r"))
    result = pick_in_fzf(forest, "pick", typed=typed, EDITOR=str(editor), SHELL="/opt/shell")
    assert result.out.endswith(f"{OAK}\n")
    assert "/opt/shell\n" == (tmp_path / "home" / "edited").read_text(encoding="utf-8")


@needs_fzf
@pytest.mark.process
def test_options_of_the_user_do_not_break_the_picker(forest: Runner) -> None:
    """Whatever $FZF_DEFAULT_OPTS holds, one note is picked by its key."""
    options = "--multi --select-1 --exit-0 --print-query --print0 --expect=ctrl-o --tac --delimiter=x --nth=1 --with-nth=1 --query=zzz --preview=false"
    result = pick_in_fzf(forest, "pick", "moss", typed=(("1/4", "\r"),), FZF_DEFAULT_OPTS=options)
    assert result.out.endswith(f"{MOSS}\n")


@needs_fzf
@pytest.mark.process
def test_nothing_in_a_note_reaches_a_shell(tmp_path: Path) -> None:
    """Titles, file names, the notebook's path and the query may be code for a shell or fzf, and are only shown."""
    run = Runner(tmp_path / "a {} $(touch PWNED0) '{1}' {q}", tmp_path / "home")
    (run.folder / ".zettel").mkdir(parents=True)
    hostile = ("$(touch PWNED1)", "`touch PWNED2`", "'; touch PWNED3; '", '"; touch PWNED4; "', "{q} {1} {+} {}", "| touch PWNED5 #")
    for number, title in enumerate(hostile):
        (run.folder / f"{202401010000 + number}.md").write_text(f"# {title} titled{number}\n\n{title}\n", encoding="utf-8")
        (run.folder / f"{title} named{number}.md").write_text(f"{title}\n", encoding="utf-8")
    for word in (f"{kind}{number}" for kind in ("titled", "named") for number in range(len(hostile))):
        typed = (("1/12", "\x0c"), ("0 links", "\x19\x1f"), ("Leave without", "\r"))
        assert 0 == pick_in_fzf(run, "pick", word, typed=typed).code
    query = "'; touch PWNED6; ' $(touch PWNED7) `touch PWNED8` {1} -x"
    assert 130 == pick_in_fzf(run, "pick", query, typed=(("note>", "\x06"), ("text>", "\x14"), ("titles>", "\x1b"))).code
    assert 0 == pick_in_fzf(run, "pick", query, typed=(("note>", "\x0e"),)).code
    assert [] == [path for path in tmp_path.rglob("PWNED*") if path.name[:6] == "PWNED"]
    assert 1 == sum("touch PWNED6" in path.read_text(encoding="utf-8") for path in run.folder.iterdir() if path.suffix == ".md")


@needs_fzf
@pytest.mark.process
def test_a_notebook_names_no_picker_unless_it_is_trusted(forest: Runner) -> None:
    """`picker.command` and `picker.options` in a notebook's own config start nothing until the user trusts it."""
    program = forest.folder / "fzf"
    program.write_text("#!/bin/sh\ntouch PWNED\n", encoding="utf-8")
    program.chmod(0o755)
    config = f'picker.command = "{program}"\npicker.options = "--bind=start:execute(touch${{IFS}}PWNED)"\n'
    (forest.folder / ".zettel" / "config.toml").write_text(config, encoding="utf-8")
    result = pick_in_fzf(forest, "pick", typed=(("note>", "\x1b"),))
    assert 130 == result.code
    assert "until you trust it" in result.out
    assert not (forest.folder / "PWNED").exists()


def test_a_picker_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """The error about the setting says what is wrong with the program: it is missing, or not an fzf that is new enough."""
    old = tmp_path / "oldfzf"
    old.write_text("#!/bin/sh\necho 0.30.0\n", encoding="utf-8")
    old.chmod(0o755)
    with pytest.raises(UsageError, match="not installed"):
        find_fzf("nofzf", {"PATH": str(tmp_path)})
    with pytest.raises(UsageError, match=r"not fzf 0\.38 or newer"):
        find_fzf("oldfzf", {"PATH": str(tmp_path)})
    old.rename(tmp_path / "fzf")
    found = find_fzf("", {"PATH": str(tmp_path)})
    assert found is None or str(tmp_path) not in found.command[0]


def test_commands_of_fzf_hold_no_text_of_a_note() -> None:
    """What fzf runs is constant text, in which only the key and the query are placeholders."""
    command = build_fzf_command(Fzf(("fzf",), (0, 67)), 120, query="{} $(x)", prompt="note", several=False, colour=True, lists_all=True)
    runs = [word for word in command if CHILD in word]
    assert "--query={} $(x)" in command
    assert not [word for word in runs if "$(x)" in word]
    assert set() == {word for text in runs for word in text.replace(CHILD, "").split("{")[1:] if word[:2] not in ("1}", "q}")}
    assert set(HARD_OPTIONS) <= set(command)


# Rows


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
def test_a_row_is_inert_and_has_its_fields(path: str, title: str, colour: bool) -> None:
    """A row has no control character but tabs and our own colours, and its key leads back to the path."""
    item = PickerItem(path, None, title, (title,), (title.strip(),), "2024-05-06T07:08:00", title)
    key, *fields = format_row(item, 100, colour=colour).split("\t")
    assert path == decode_key(key)
    assert len(fields) in (6, 7)
    text = "".join(fields)
    for code in ("\x1b[2m", "\x1b[36m", "\x1b[32m", "\x1b[0m"):
        text = text.replace(code, "")
    assert [] == [char for char in text if char < " " or "\x7f" <= char < "\xa0"]
    assert set(key) <= set("0123456789abcdef")


def test_a_row_has_folded_letters_beyond_the_screen() -> None:
    """A title with letters that people type in another way has them folded, too far to the right to be seen."""
    row = format_row(PickerItem("x.md", BIRCH, "Straße nach Łódź", (), (), "2024-05-06"), 80, colour=False)
    shown, hidden = row.rsplit("\t", 1)
    assert "strasse nach lodz" == hidden.strip()
    assert 80 < len(hidden) - len(hidden.lstrip(" ")) + len(shown)
    assert 6 == format_row(PickerItem("x.md", BIRCH, "Plain", (), (), "2024-05-06"), 80, colour=False).count("\t")


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 120, 200])
def test_a_row_cuts_no_number(columns: int) -> None:
    """What is seen of a row ends behind a whole ID, tag or day, unless the title alone is too long; the rest is found beyond the screen."""
    for length in range(1, 90):
        item = PickerItem("x.md", BIRCH, "t" * length, (), ("wood", "shade"), "2024-05-06")
        row = format_row(item, columns, colour=False).partition("\t")[2].replace("\t", " ")
        seen = row[: measure_list_width(columns) - FRAME].strip(" ")
        assert seen.removeprefix("t" * length).strip() in (
            "",
            BIRCH,
            f"{BIRCH}  #wood #shade",
            f"{BIRCH}  #wood #shade  2024-05-06",
        ) or set(seen) == {"t"}
        assert ["t" * length, BIRCH, "#wood", "#shade", "2024-05-06"] == row.split()


@pytest.mark.parametrize(
    ("line", "prompt"),
    [
        (["show", "--pick"], "show"),
        (["rename", "--pick", "New"], "rename"),
        (["append", "--pick", "More"], "append to"),
        (["path", "Oaks stand alone"], "path to"),
        (["gap", "--pick", "Oaks stand alone"], "gap to"),
        (["list", "--linked-by", "@"], "list"),
        (["new", "Elm", "--link-from", "@"], "new link from"),
    ],
)
def test_the_prompt_says_what_a_note_is_picked_for(line: list[str], prompt: str, forest: Runner) -> None:
    """The prompt names the command, and what the note is to be for it."""
    assert f"\n{prompt}: number" in forest.on_terminal(*LIST, *line, typed=((ASKS, "q\r"),)).out.replace("\r", "")


@pytest.mark.parametrize("key", ["", "zz", "abc", "12 34", "0x12", "{1}"])
def test_a_wrong_key_is_not_a_path(key: str) -> None:
    """What is not a key stands for no note."""
    assert "" == decode_key(key)
    assert "a b.md" == decode_key(encode_key("a b.md"))


# Documents and shells


def test_the_page_about_the_picker_names_every_key() -> None:
    """docs/picker.md has a row for each key, as the help in the picker has."""
    page = (ROOT / "docs" / "picker.md").read_text(encoding="utf-8")
    for key, _, about in KEYS:
        assert f"| `{key}` | {about} |" in page


@pytest.mark.parametrize("shell", SHELLS)
def test_key_bindings_are_valid_in_their_shell(shell: str, forest: Runner) -> None:
    """What `--show-keys` prints can be parsed by the shell that it is for."""
    script = forest("--show-keys", shell)
    assert 0 == script.code
    assert read_script(shell, "keys") == script.out
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "-n"], input=script.out, text=True, check=True, timeout=20)


@needs_fzf
@pytest.mark.process
@pytest.mark.parametrize(
    ("shell", "options"),
    [
        ("bash", ["--norc", "-i"]),
        ("zsh", ["-f", "-i"]),
        ("fish", ["--no-config", "-i", "-C", "function fish_prompt; echo -n 'ready> '; end"]),
    ],
)
def test_alt_z_inserts_what_is_picked(shell: str, options: list[str], forest: Runner, tmp_path: Path) -> None:
    """In a real shell, Alt-Z opens the picker, and the IDs of the notes picked stand at the prompt; a path is quoted."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    binary = tmp_path / "bin" / "zettel"
    binary.parent.mkdir()
    binary.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m zettel "$@"\n', encoding="utf-8")
    binary.chmod(0o755)
    load = "zettel --show-keys fish | source" if shell == "fish" else f'eval "$(zettel --show-keys {shell})"'
    rows = "\x1b[B\x1b[B\t\t\r"  # down to the third, mark it and the fourth, and take them
    prompt, end_of_fzf = "ready> ", "\x1b[?1049l"
    typed = ((prompt, f"{load}; echo load''ed\r"), ("loaded", "printf '[%s]' \x1bz"), ("4/4", rows), (end_of_fzf, "; echo do''ne; exit\r"))
    line = [shell, *options]
    environ = {"PATH": f"{binary.parent}:{os.environ['PATH']}", "TERM": "xterm-256color", "PS1": prompt}
    shown = _run_on_terminal(forest, line, typed, environ)
    assert f"[{MOSS}][Grüße vom Waldrand.md]done" in shown


def _run_on_terminal(run: Runner, line: list[str], typed: tuple[tuple[str, str], ...], environ: dict[str, str]) -> str:
    """Run a program on a terminal as `Runner.on_terminal` runs zettel."""
    import tests.conftest as conftest

    before = conftest.COMMAND
    try:
        conftest.COMMAND = line
        return run.on_terminal(columns=140, typed=typed, **environ).out
    finally:
        conftest.COMMAND = before
