"""Define every setting. The reference page and the config file that `zettel init` writes are generated from this table."""

from __future__ import annotations

from collections.abc import Callable

from zettel.model.base.errors import SettingsError
from zettel.model.base.value import value

SettingValue = str | int | bool | tuple[str, ...]


@value
class SettingSpec:
    """A setting. Its default determines its type, and `choices` are the values that a string may have.

    `check` takes a value of that type and its origin, and raises `SettingsError` unless the value is allowed. An `is_personal`
    setting starts a program. It is read from the user's own config, and from a notebook's only if the user trusts that.
    """

    name: str
    default: SettingValue
    description: str
    choices: tuple[str, ...] = ()
    is_personal: bool = False
    check: Callable[[SettingValue, str], None] | None = None


def _check_file_name(given: SettingValue, origin: str) -> None:
    if "{id}" not in str(given) or "/" in str(given):
        raise SettingsError(f"{origin}: note.filename must contain {{id}}, and no slash", 'e.g. note.filename = "{id} {title}"')


def _check_folder(given: SettingValue, origin: str) -> None:
    if str(given)[:1] == "/" or any(part[:1] == "." for part in str(given).split("/")):
        raise SettingsError(
            f"{origin}: note.folder must be a folder inside the notebook, without a name that starts with a dot",
            'e.g. note.folder = "inbox"',
        )


def _check_tags(given: SettingValue, origin: str) -> None:
    for tag in given if isinstance(given, tuple) else ():
        words = tag.lstrip("#").strip("/").split()
        if len(words) != 1 or words[0].replace("/", "").isdigit():
            raise SettingsError(f'{origin}: tags.unsorted: "{tag}" is not a tag', 'e.g. tags.unsorted = ["inbox", "draft"]')


def _check_rules(given: SettingValue, origin: str) -> None:
    if isinstance(given, tuple) and given:
        from zettel.model.settings.rule_grammar import parse_rule

        for rule in given:
            parse_rule(rule, f"{origin}: check.rules")


SETTINGS = (
    SettingSpec(
        "note.filename",
        "{id} {title}",
        "The file name of a new note, without suffix. Must contain {id}; may contain {title} and {slug}.",
        check=_check_file_name,
    ),
    SettingSpec("note.folder", "", "The folder for new notes, from the notebook's root.", check=_check_folder),
    SettingSpec("note.id", "minute", "IDs of new notes: 12 digits (minute) or 14 (second).", ("minute", "second")),
    SettingSpec("note.tags", (), "Tags that every new note gets."),
    SettingSpec("note.template", "", "The template for new notes if none is named; see zettel templates."),
    SettingSpec(
        "ignore", (), 'Globs of files and folders that are not notes, from the notebook\'s root, e.g. ["drafts/*", "*.excalidraw.md"].'
    ),
    SettingSpec(
        "links.pipe", "target-first", "Which side of [[a|b]] is the target; Dendron writes label-first.", ("target-first", "label-first")
    ),
    SettingSpec(
        "editor",
        "",
        "The editor for new, edit and suggest --walk, with its arguments. Taken from a notebook's config once you trust it: zettel trust.",
        is_personal=True,
    ),
    SettingSpec("color", "auto", "Colours: auto (on a terminal), always, never.", ("auto", "always", "never")),
    SettingSpec("pager", True, "Show long answers on a terminal in a pager."),
    SettingSpec(
        "pager-command",
        "",
        "The pager, with its arguments. Taken from a notebook's config once you trust it: zettel trust.",
        is_personal=True,
    ),
    SettingSpec(
        "check.ignore", (), 'Checks to skip, for all notes or for some: codes, or code:glob, e.g. ["single-tag", "orphan:inbox/*"].'
    ),
    SettingSpec("check.errors", (), 'Checks whose problems are errors, e.g. ["dangling"].'),
    SettingSpec("check.warnings", (), 'Checks whose problems are warnings; naming one that is off turns it on, e.g. ["single-tag"].'),
    SettingSpec(
        "check.rules",
        (),
        'Your own rules, each a sentence, e.g. ["a note tagged initiative links to one tagged metric", "a decision older than 90 days has a follow-up"].',
        check=_check_rules,
    ),
    SettingSpec("search.limit", 20, "How many results a search shows."),
    SettingSpec(
        "tags.unsorted",
        ("inbox", "todo", "draft", "fleeting", "unsorted", "seedling"),
        "Tags that say that a note is yet to be sorted or finished, not what it is about. They are neither subjects nor reasons for a link.",
        check=_check_tags,
    ),
)
MAX_NUMBER = 999_999_999
"""Maximum value of a number."""

MAX_TEXT = 1000
"""Maximum characters of a string."""

DEFAULTS: dict[str, SettingValue] = {row.name: row.default for row in SETTINGS}
SPECS = {row.name: row for row in SETTINGS}


def validate_setting(name: str, given: object, origin: str) -> SettingValue:
    """Return a value from a config file in its final type. Raises `SettingsError` unless it is allowed."""
    row = _find_spec(name, origin)
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        given = tuple(given)
    if type(given) is not type(row.default):
        raise SettingsError(f"{origin}: {name} must be {_describe_type(row)}", _format_example(row))
    if row.choices and given not in row.choices:
        raise SettingsError(f'{origin}: {name} cannot be "{given}"', f"choose from {', '.join(row.choices)}")
    if type(given) is int and not 1 <= given <= MAX_NUMBER:
        raise SettingsError(f"{origin}: {name} must be {'1 or more' if given < 1 else f'{MAX_NUMBER} or less'}", _format_example(row))
    _check_text(row, given, origin)
    if row.check:
        row.check(given, origin)
    return given


def _check_text(spec: SettingSpec, given: SettingValue, origin: str) -> None:
    texts = given if isinstance(given, tuple) else (str(given),)
    if any(len(text) > MAX_TEXT for text in texts):
        raise SettingsError(f"{origin}: {spec.name} is too long", f"keep it below {MAX_TEXT:,} characters")
    if not all(text.isprintable() for text in texts):
        raise SettingsError(f"{origin}: {spec.name} contains a character that cannot be shown", _format_example(spec))


def _format_example(spec: SettingSpec) -> str:
    return f"e.g. {spec.name} = {format_toml(spec.default)}"


def parse_assignment(assignment: str) -> tuple[str, SettingValue]:
    """Parse a setting for one call, `key=value` (a list separated by commas, or in TOML). Raises `SettingsError`."""
    name, equals, text = assignment.partition("=")
    if not equals:
        raise SettingsError(f'-c expects key=value, not "{assignment}"', "e.g. -c links.pipe=label-first")
    name, text = name.strip(), text.strip()
    row = _find_spec(name, "-c")
    given: object = text
    if isinstance(row.default, bool):
        given = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text.lower(), text)
    elif isinstance(row.default, int):
        given = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
    elif isinstance(row.default, tuple):
        given = _parse_list(name, text)
    return name, validate_setting(name, given, "-c")


def _parse_list(name: str, text: str) -> object:
    """Parse a list in TOML, or one that is only separated by commas."""
    if not text.startswith("["):
        return [item.strip() for item in text.split(",") if item.strip()]
    from tomllib import loads

    try:
        return loads(f"list = {text}")["list"]
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"-c: {name} cannot be read: {error}", f'e.g. -c \'{name}=["one", "two"]\', or -c {name}=one,two') from None


def _find_spec(name: str, origin: str) -> SettingSpec:
    if name not in SPECS:
        raise SettingsError(f'{origin}: there is no setting "{name}"', f"settings are {', '.join(SPECS)}")
    return SPECS[name]


def _describe_type(spec: SettingSpec) -> str:
    return {str: "a string", int: "a whole number", bool: "true or false", tuple: "a list of strings"}[type(spec.default)]


def format_toml(given: SettingValue) -> str:
    """Format a value as TOML."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, tuple):
        return "[" + ", ".join(format_toml(item) for item in given) + "]"
    return str(given) if isinstance(given, int) else '"' + given.replace("\\", "\\\\").replace('"', '\\"') + '"'


def format_config_template() -> str:
    """Return the config file that `zettel init` writes, with the default of every setting commented out."""
    lines = ["# The settings of this notebook. To change one for a single call: zettel -c key=value ...", ""]
    for row in SETTINGS:
        if not row.is_personal:
            choices = f" One of: {', '.join(row.choices)}." if row.choices else ""
            lines += [f"# {row.description}{choices}", f"# {row.name} = {format_toml(row.default)}", ""]
    return "\n".join(lines)
