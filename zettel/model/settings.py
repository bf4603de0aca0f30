"""Define every setting. The reference page and the config file that `zettel init` writes are generated from this table."""

from __future__ import annotations

from zettel.model.errors import SettingsError
from zettel.model.value import value

Setting = str | int | bool | tuple[str, ...]


@value
class Row:
    """A setting. Its default determines its type, and `choices` are the values that a string may have.

    A `personal` setting starts a program. It is read from the user's own config, and from a notebook's only if the user
    trusts that.
    """

    name: str
    default: Setting
    about: str
    choices: tuple[str, ...] = ()
    personal: bool = False


SETTINGS = (
    Row("note.filename", "{id} {title}", "The file name of a new note, without suffix. Must contain {id}; may contain {title} and {slug}."),
    Row("note.folder", "", "The folder for new notes, from the notebook's root."),
    Row("note.id", "minute", "IDs of new notes: 12 digits (minute) or 14 (second).", ("minute", "second")),
    Row("note.tags", (), "Tags that every new note gets."),
    Row("note.template", "", "The template for new notes if none is named; see zettel templates."),
    Row("ignore", (), 'Globs of files and folders that are not notes, from the notebook\'s root, e.g. ["drafts/*", "*.excalidraw.md"].'),
    Row("links.pipe", "target-first", "Which side of [[a|b]] is the target; Dendron writes label-first.", ("target-first", "label-first")),
    Row(
        "editor",
        "",
        "The editor for new, edit and suggest --walk, with its arguments. Taken from a notebook's config once you trust it: zettel trust.",
        personal=True,
    ),
    Row("color", "auto", "Colours: auto (on a terminal), always, never.", ("auto", "always", "never")),
    Row("pager", True, "Show long answers on a terminal in a pager."),
    Row(
        "pager-command",
        "",
        "The pager, with its arguments. Taken from a notebook's config once you trust it: zettel trust.",
        personal=True,
    ),
    Row("check.ignore", (), 'Checks to skip, for all notes or for some: codes, or code:glob, e.g. ["single-tag", "orphan:inbox/*"].'),
    Row("check.errors", (), 'Checks whose problems are errors, e.g. ["dangling"].'),
    Row("check.warnings", (), 'Checks whose problems are warnings; naming one that is off turns it on, e.g. ["single-tag"].'),
    Row(
        "check.rules",
        (),
        'Your own rules, each a sentence, e.g. ["a note tagged initiative links to one tagged metric", "a decision older than 90 days has a follow-up"].',
    ),
    Row("search.limit", 20, "How many results a search shows."),
)
MOST = 999_999_999
"""Maximum value of a number."""

LONGEST = 1000
"""Maximum characters of a string."""

DEFAULTS: dict[str, Setting] = {row.name: row.default for row in SETTINGS}
ROWS = {row.name: row for row in SETTINGS}


def checked(name: str, given: object, where: str) -> Setting:
    """Return a value from a config file in its final type. Raises `SettingsError` unless it is allowed."""
    row = _row(name, where)
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        given = tuple(given)
    if type(given) is not type(row.default):
        raise SettingsError(f"{where}: {name} must be {_kind(row)}", f"e.g. {name} = {toml(row.default)}")
    if row.choices and given not in row.choices:
        raise SettingsError(f'{where}: {name} cannot be "{given}"', f"choose from {', '.join(row.choices)}")
    if type(given) is int and not 1 <= given <= MOST:
        raise SettingsError(
            f"{where}: {name} must be {'1 or more' if given < 1 else f'{MOST} or less'}", f"e.g. {name} = {toml(row.default)}"
        )
    texts = given if isinstance(given, tuple) else (str(given),)
    if any(len(text) > LONGEST for text in texts):
        raise SettingsError(f"{where}: {name} is too long", f"keep it below {LONGEST:,} characters")
    if any(not char.isprintable() for text in texts for char in text):
        raise SettingsError(f"{where}: {name} contains a character that cannot be shown", f"e.g. {name} = {toml(row.default)}")
    if name == "note.folder" and (str(given)[:1] == "/" or any(part[:1] == "." for part in str(given).split("/"))):
        raise SettingsError(
            f"{where}: note.folder must be a folder inside the notebook, without a name that starts with a dot",
            'e.g. note.folder = "inbox"',
        )
    if name == "note.filename" and ("{id}" not in str(given) or "/" in str(given)):
        raise SettingsError(f"{where}: note.filename must contain {{id}}, and no slash", 'e.g. note.filename = "{id} {title}"')
    if name == "check.rules" and isinstance(given, tuple) and given:
        from zettel.model.rules import parse

        for rule in given:
            parse(rule, f"{where}: check.rules")
    return given


def from_text(assignment: str) -> tuple[str, Setting]:
    """Parse a setting for one call, `key=value` (a list separated by commas, or in TOML). Raises `SettingsError`."""
    name, equals, text = assignment.partition("=")
    if not equals:
        raise SettingsError(f'-c expects key=value, not "{assignment}"', "e.g. -c links.pipe=label-first")
    name, text = name.strip(), text.strip()
    row = _row(name, "-c")
    given: object = text
    if isinstance(row.default, bool):
        given = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text.lower(), text)
    elif isinstance(row.default, int):
        given = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
    elif isinstance(row.default, tuple):
        given = _list(name, text)
    return name, checked(name, given, "-c")


def _list(name: str, text: str) -> object:
    """Parse a list in TOML, or one that is only separated by commas."""
    if not text.startswith("["):
        return [item.strip() for item in text.split(",") if item.strip()]
    from tomllib import loads

    try:
        return loads(f"list = {text}")["list"]
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"-c: {name} cannot be read: {error}", f'e.g. -c \'{name}=["one", "two"]\', or -c {name}=one,two') from None


def _row(name: str, where: str) -> Row:
    if name not in ROWS:
        raise SettingsError(f'{where}: there is no setting "{name}"', f"settings are {', '.join(ROWS)}")
    return ROWS[name]


def _kind(row: Row) -> str:
    return {str: "a string", int: "a whole number", bool: "true or false", tuple: "a list of strings"}[type(row.default)]


def toml(given: Setting) -> str:
    """Format a value as TOML."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, tuple):
        return "[" + ", ".join(toml(item) for item in given) + "]"
    return str(given) if isinstance(given, int) else '"' + given.replace("\\", "\\\\").replace('"', '\\"') + '"'


def template() -> str:
    """Return the config file that `zettel init` writes, with the default of every setting commented out."""
    lines = ["# The settings of this notebook. To change one for a single call: zettel -c key=value ...", ""]
    for row in SETTINGS:
        if not row.personal:
            choices = f" One of: {', '.join(row.choices)}." if row.choices else ""
            lines += [f"# {row.about}{choices}", f"# {row.name} = {toml(row.default)}", ""]
    return "\n".join(lines)
