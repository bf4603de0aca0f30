"""Test the settings: their types, assignments on the command line, and the config file that `zettel init` writes."""

from __future__ import annotations

import tomllib

import pytest

from zettel.model.base.errors import SettingsError
from zettel.model.settings.settings import (
    DEFAULTS,
    KEYS,
    SETTINGS,
    SPECS,
    SettingSpec,
    SettingValue,
    format_config_template,
    format_toml,
    parse_assignment,
    validate_setting,
)


@pytest.mark.parametrize(
    ("expected", "assignment"),
    [
        (("links.pipe", "label-first"), "links.pipe=label-first"),
        (("links.pipe", "label-first"), " links.pipe = label-first "),
        (("note.filename", "{id}-{slug}"), "note.filename={id}-{slug}"),
        (("note.filename", "{id} = {title}"), "note.filename={id} = {title}"),
        (("note.folder", ""), "note.folder="),
        (("note.tags", ("a", "b c")), "note.tags=a, b c"),
        (("note.tags", ()), "note.tags="),
        (("ignore", ("drafts/*", "*.tmp.md")), "ignore=drafts/*,*.tmp.md"),
        (("pager", False), "pager=false"),
        (("pager", True), "pager=Yes"),
        (("pager", False), "pager=0"),
        (("search.limit", 5), "search.limit=5"),
        (("color", "never"), "color=never"),
        (("editor", "vim -p"), "editor=vim -p"),
    ],
)
def test_an_assignment_has_the_type_of_its_setting(expected: tuple[str, SettingValue], assignment: str) -> None:
    """`-c key=value` sets a text, number, boolean or list (with commas), after the type of the setting."""
    assert expected == parse_assignment(assignment)


@pytest.mark.parametrize(
    ("message", "assignment"),
    [
        ("key=value", "links.pipe"),
        ("key=value", ""),
        ('no setting "nothing"', "nothing=1"),
        ('no setting ""', "=1"),
        ("links.pipe cannot be", "links.pipe=reversed"),
        ("color cannot be", "color=ALWAYS"),
        ("must be true or false", "pager=perhaps"),
        ("must be a whole number", "search.limit=many"),
        ("must be a whole number", "search.limit=-1"),
        ("must be a whole number", "search.limit=１"),
        ("must be 1 or more", "search.limit=0"),
        ("must contain {id}", "note.filename={title}"),
        ("no slash", "note.filename=x/{id}"),
    ],
)
def test_a_wrong_assignment_is_an_error(message: str, assignment: str) -> None:
    """A wrong assignment is an error that says what is wrong, with a hint."""
    with pytest.raises(SettingsError) as raised:
        parse_assignment(assignment)
    assert message in raised.value.message
    assert raised.value.hint


@pytest.mark.parametrize(
    ("expected", "name", "given"),
    [
        ("x", "note.folder", "x"),
        (("a", "b"), "note.tags", ["a", "b"]),
        ((), "ignore", []),
        (True, "pager", True),
        (3, "search.limit", 3),
        ("second", "note.id", "second"),
    ],
)
def test_a_config_value_of_the_right_type_is_accepted(expected: SettingValue, name: str, given: object) -> None:
    """A value of the right type is accepted, and a list becomes a tuple."""
    assert expected == validate_setting(name, given, "config.toml")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("note.folder", 3),
        ("note.folder", ["x"]),
        ("note.tags", "a"),
        ("note.tags", ["a", 1]),
        ("pager", 1),
        ("pager", "true"),
        ("search.limit", True),
        ("search.limit", 2.5),
        ("search.limit", 0),
        ("note.id", "hour"),
        ("note.filename", "{title}"),
        ("unknown", "x"),
        ("links", "x"),
    ],
)
def test_a_config_value_of_another_type_is_an_error(name: str, given: object) -> None:
    """A value of another type or choice is an error that names the file and the setting."""
    with pytest.raises(SettingsError) as raised:
        validate_setting(name, given, "config.toml")
    assert "config.toml" in raised.value.message
    assert name in raised.value.message


@pytest.mark.parametrize("spec", [spec for spec in SETTINGS if spec.name != KEYS], ids=[name for name in SPECS if name != KEYS])
def test_every_default_is_valid(spec: SettingSpec) -> None:
    """The default of each setting is valid, and survives being written as TOML."""
    assert spec.default == validate_setting(spec.name, list(spec.default) if isinstance(spec.default, tuple) else spec.default, "here")
    found = tomllib.loads(f"key = {format_toml(spec.default)}")["key"]
    assert spec.default == (tuple(found) if isinstance(found, list) else found)


@pytest.mark.parametrize("given", ['a "quoted" one', "back\\slash", "Übung 🚀", "", ("a", 'b "c"'), True, False, 12])
def test_a_value_survives_toml(given: SettingValue) -> None:
    """A value that is written as TOML is read back as the same value."""
    found = tomllib.loads(f"key = {format_toml(given)}")["key"]
    assert given == (tuple(found) if isinstance(found, list) else found)


def test_the_config_template_changes_no_setting() -> None:
    """The config that `zettel init` writes changes no setting."""
    assert {} == tomllib.loads(format_config_template())


def test_the_uncommented_config_template_sets_the_defaults() -> None:
    """Each setting of a notebook stands in the template, ready to be uncommented, with its default."""
    lines = [line.removeprefix("# ") for line in format_config_template().splitlines()]
    text = "\n".join(line for line in lines if line.partition(" = ")[0] in SPECS)
    found: dict[str, object] = {}
    for name, given in tomllib.loads(text).items():
        found.update({f"{name}.{key}": item for key, item in given.items()} if isinstance(given, dict) else {name: given})
    expected = {name: list(item) if isinstance(item, tuple) else item for name, item in DEFAULTS.items() if not SPECS[name].is_personal}
    assert expected == found


def test_keys_of_browsing_are_lists_or_strings() -> None:
    """Every action of browsing has a setting for its keys, whose value is a list of strings, or a string for a list of one."""
    assert ("S", "alt+s") == validate_setting("keys.suggest", ["S", "alt+s"], "here")
    assert ("S",) == validate_setting("keys.suggest", "S", "here")
    assert ("keys.suggest", ("S", "T")) == parse_assignment("keys.suggest=S,T")
    with pytest.raises(SettingsError):
        validate_setting("keys.suggest", 5, "here")
    with pytest.raises(SettingsError):
        validate_setting(KEYS, ["S"], "here")
