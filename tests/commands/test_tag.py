"""Test `tag rename`, and the rules of a person's own in `check`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, "str | bytes"]], Runner]

NOTES: dict[str, str | bytes] = {
    "a.md": "---\ntags: [leader, Leader/x]\n---\n#leader [[b]]\n",
    "b.md": "---\ntags: [leader, lead]\n---\n",
    "c.md": "#other",
}


def test_tag_rename_changes_every_note(notebook: Make) -> None:
    """Every note with the tag is rewritten and counted, and no note has the old tag any more."""
    run = notebook(NOTES)
    done = run("tag", "rename", "#LEADER", "boss")
    assert (0, "renamed #LEADER to #boss in 2 notes\n", "") == done
    assert "---\ntags: [boss, boss/x]\n---\n#boss [[b]]\n" == (run.folder / "a.md").read_text()
    assert ["boss", "boss/x", "lead", "other"] == [tag["tag"] for tag in json.loads(run("tags", "--json").out)["tags"]]
    again = run("tag", "rename", "leader", "boss")
    assert (4, "") == (again.code, again.out)


def test_tag_rename_merges_into_an_existing_tag(notebook: Make) -> None:
    """If the new tag exists, the old one is merged into it, and the answer says so."""
    run = notebook(NOTES)
    done = run("tag", "rename", "leader", "lead", "--json")
    answer = json.loads(done.out)
    assert ("leader", "lead", True, False, "rename #leader to #lead") == tuple(
        answer[key] for key in ("old", "new", "merged", "dry_run", "done")
    )
    assert [("a.md", 2), ("a.md", 4), ("b.md", 2)] == [(row["path"], row["line"]) for row in answer["changes"]]
    assert "---\ntags: [lead]\n---\n" == (run.folder / "b.md").read_text()
    assert "merged #lead into #other, which already existed, in 2 notes\n" == run("tag", "rename", "lead", "other").out


def test_tag_rename_dry_run_shows_a_diff(notebook: Make) -> None:
    """The diff is that of the edit, and nothing is written."""
    run = notebook(NOTES)
    shown = run("tag", "rename", "leader", "boss", "--dry-run")
    assert "-tags: [leader, lead]\n+tags: [boss, lead]\n" in shown.out
    assert "zettel: nothing was written (--dry-run)\n" == shown.err
    assert NOTES == {path: (run.folder / path).read_text() for path in NOTES}


def test_tag_rename_nests_a_tag_below_itself(notebook: Make) -> None:
    """A tag can move below itself and back, and a second rename finds nothing to change."""
    run = notebook({"a.md": "#a #a/x #a/b"})
    assert "renamed #a to #a/b in 1 note\n" == run("tag", "rename", "a", "a/b").out
    assert "#a/b #a/b/x #a/b" == (run.folder / "a.md").read_text()
    assert (0, "there is nothing to change\n") == run("tag", "rename", "a", "a/b")[:2]
    assert "renamed #a/b to #a in 1 note\n" == run("tag", "rename", "a/b", "a").out
    assert "#a #a/x #a" == (run.folder / "a.md").read_text()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("leder", "x"), 4, 'no note has the tag "leder"\nhint: did you mean "Leader"'),
        (("zzz", "x"), 4, 'no note has the tag "zzz"\nhint: zettel tags lists the tags'),
        (("leader", "2024"), 2, '"2024" is not a tag'),
        (("leader", "a,b"), 2, '"a,b" is not a tag'),
        (("leader", "a//b"), 2, '"a//b" is not a tag'),
        (("#", "x"), 2, '"#" is not a tag'),
        (("leader", "a\x1bb"), 2, "is not a tag"),
    ],
)
def test_tag_rename_refuses_unknown_and_invalid_tags(words: tuple[str, str], code: int, message: str, notebook: Make) -> None:
    """A tag that does not exist and a name that is not a tag are errors."""
    result = notebook(NOTES)("tag", "rename", *words)
    assert (code, "") == (result.code, result.out)
    assert message in result.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "zettel: error: what to do is missing\nhint: zettel tag rename TAG NEW; examples: zettel tag --help\n"),
        (("remove", "a", "b"), 'zettel: error: zettel tag cannot do "remove", only rename'),
        (("rename", "a"), "zettel: error: NEW is missing"),
    ],
)
def test_tag_needs_an_action_and_its_arguments(words: tuple[str, ...], message: str, notebook: Make) -> None:
    """A missing or wrong word is a usage error in one line."""
    result = notebook(NOTES)("tag", *words)
    assert (2, "") == (result.code, result.out)
    assert result.err.startswith(message)


def test_tag_rename_is_all_or_nothing(notebook: Make) -> None:
    """Every place where the tag cannot be renamed is reported, and nothing is written."""
    run = notebook({**NOTES, "latin.md": b"\xe9 #leader", "odd.md": "x\n\n#lead**er**\n"})
    result = run("tag", "rename", "leader", "boss")
    assert (5, "") == (result.code, result.out)
    assert "  latin.md: it is not UTF-8\n  odd.md:3: #leader cannot become #boss there\n" in result.err
    assert NOTES == {path: (run.folder / path).read_text() for path in NOTES}


def test_tag_rename_refuses_a_linked_title(notebook: Make) -> None:
    """A title that contains the tag changes too, unless a link names the note by that title."""
    run = notebook({"a.md": "# On #leader roles\n", "b.md": "x\n[[On #leader roles]]\n"})
    refused = run("tag", "rename", "leader", "lead")
    assert 5 == refused.code
    assert "  b.md:2: it links to a.md by its title, which contains the tag\n" in refused.err
    (run.folder / "b.md").write_text("[[a]]")
    assert 0 == run("tag", "rename", "leader", "lead").code
    assert "# On #lead roles\n" == (run.folder / "a.md").read_text()


def test_tag_rename_reports_settings_with_the_old_tag(notebook: Make) -> None:
    """Settings are not changed, but those that contain the old tag are reported."""
    run = notebook(NOTES)
    (run.folder / ".zettel" / "config.toml").write_text(
        'note.tags = ["leader"]\ntags.unsorted = ["leader/raw"]\ncheck.rules = ["a `leader/x` links to a boss"]\n'
    )
    message = run("tag", "rename", "leader", "boss").err
    assert "zettel: the setting note.tags still says leader: change it in .zettel/config.toml\n" in message
    assert "zettel: the setting tags.unsorted still says leader: change it in .zettel/config.toml\n" in message
    assert "zettel: the setting check.rules still says leader: change it in .zettel/config.toml\n" in message


RULE = "every strategy note is reached by execution within 2 hops"


def test_check_reports_broken_rules(starter: Runner) -> None:
    """A rule in the config is a check of its own: it is an error where it does not hold, and silent where it does."""
    config = starter.folder / ".zettel" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(f'check.rules = ["{RULE}", "every metrics note has at least 2 links"]\n')
    result = starter("check", "--only", "rule", "--json")
    assert 1 == result.code
    problems = json.loads(result.out)["problems"]
    assert ["202503112125"] == [problem["id"] for problem in problems]
    assert {("rule", "error", 1)} == {(problem["code"], problem["severity"], problem["line"]) for problem in problems}
    assert f'it is not reached by execution within 2 hops, against the rule "{RULE}"' == problems[0]["message"]


def test_rule_can_be_tried_for_one_call(starter: Runner) -> None:
    """A rule can be tried with `-c`, and commas separate several."""
    rules = "a strategy note is reached by execution within 3 hops,a metric links to another note"
    assert (0, "") == starter("-c", f"check.rules={rules}", "check", "--only", "rule")[:2]
    assert 1 == starter("-c", "check.rules=a strategy note is reached by execution within 1 hop", "check", "--only", "rule").code


def test_unreadable_rule_is_a_settings_error(starter: Runner) -> None:
    """The error says where the rule is, which part is not understood, and which forms exist."""
    config = starter.folder / ".zettel" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text('check.rules = ["a note tagged x lnks to one tagged y"]\n')
    result = starter("check")
    assert 2 == result.code
    assert (
        'config.toml: check.rules: "lnks to one tagged y" in the rule "a note tagged x lnks to one tagged y" cannot be understood'
        in result.err
    )
    assert "\n  a note tagged initiative links to one tagged metric\n" in result.err
    assert "hint: write it like one of these\n" in result.err
