"""Define every setting. The reference page and the config file that `zettel init` writes are generated from this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zettel.model.base.errors import SettingsError
from zettel.model.base.value import value

SettingValue = str | int | bool | tuple[str, ...]

AUTO = "auto"
"""The value that leaves it to zettel to find out what fits."""


@value
class SettingSpec:
    """A setting. Its default determines its type, and `choices` are the values that a string may have.

    `check` takes a value of that type and its origin, and raises `SettingsError` unless the value is allowed. An `is_personal`
    setting starts a program. It is read from the user's own config, and from a notebook's only if the user trusts that. A number must be
    `least` or more.
    """

    name: str
    default: SettingValue
    description: str
    choices: tuple[str, ...] = ()
    is_personal: bool = False
    check: Callable[[SettingValue, str], None] | None = None
    least: int = 1


def _check_file_name(given: SettingValue, origin: str) -> None:
    if given != AUTO and ("{id}" not in str(given) or "/" in str(given)):
        raise SettingsError(f"{origin}: note.filename must contain {{id}}, and no slash", 'e.g. note.filename = "{id} {title}"')


def _check_daily_file_name(given: SettingValue, origin: str) -> None:
    if given != AUTO and (not any(part in str(given) for part in ("{id}", "{date}", "{title}", "{slug}")) or "/" in str(given)):
        raise SettingsError(f"{origin}: daily.filename must contain {{date}} or {{id}}, and no slash", 'e.g. daily.filename = "{date}"')


def _check_folder(given: SettingValue, origin: str) -> None:
    if str(given)[:1] == "/" or any(part[:1] == "." for part in str(given).split("/")):
        raise SettingsError(
            f"{origin}: a folder for new notes and files must be inside the notebook, without a name that starts with a dot",
            'e.g. note.folder = "inbox"',
        )


def _build_tags_check(name: str, example: str) -> Callable[[SettingValue, str], None]:
    """Return the check of a setting that holds tags."""

    def check(given: SettingValue, origin: str) -> None:
        for tag in given if isinstance(given, tuple) else ():
            words = tag.lstrip("#").strip("/").split()
            if len(words) != 1 or words[0].replace("/", "").isdigit():
                raise SettingsError(f'{origin}: {name}: "{tag}" is not a tag', f"e.g. {name} = {example}")

    return check


def _check_hidden(given: SettingValue, origin: str) -> None:
    for rule in given if isinstance(given, tuple) else ():
        is_tag, name = rule.strip().lower().startswith("tag:"), rule.strip().lower().removeprefix("tag:").strip("#/ ")
        if not name or (is_tag and (" " in name or name.replace("/", "").isdigit())):
            raise SettingsError(f'{origin}: mcp.hide: "{rule}" is neither a glob nor a tag', 'e.g. mcp.hide = ["tag:private", "people/*"]')


def _check_hints(given: SettingValue, origin: str) -> None:
    for hint in given if isinstance(given, tuple) else ():
        if hint not in HINTS:
            raise SettingsError(f'{origin}: lsp.hints: there is no hint "{hint}"', f"hints are {' and '.join(HINTS)}")


def _check_rules(given: SettingValue, origin: str) -> None:
    if isinstance(given, tuple) and given:
        from zettel.model.settings.rule_grammar import parse_rule

        for rule in given:
            parse_rule(rule, f"{origin}: check.rules")


HINTS = TITLE_HINTS, BACKLINK_HINTS = ("titles", "backlinks")
"""What an editor can show between the words of a note: the titles of links by ID alone, and how many backlinks the note has."""

KEYS = "keys.*"
"""The setting that stands for one for each action of browsing, such as `keys.suggest`. The actions are checked when they are used."""

SETTINGS = (
    SettingSpec(
        "note.filename",
        AUTO,
        "The file name of a new note, without suffix. Must contain {id}; may contain {title} and {slug}. "
        "auto: like most notes here, else {id} {title}.",
        check=_check_file_name,
    ),
    SettingSpec(
        "note.style",
        AUTO,
        "Where a new note has its title: in front-matter, in a heading without front matter, or auto: like most notes here, else front-matter.",
        (AUTO, "heading", "front-matter"),
    ),
    SettingSpec(
        "note.folder", "", "The folder for new notes, from the notebook's root; here: the one that you are in.", check=_check_folder
    ),
    SettingSpec("note.id", "minute", "IDs of new notes: 12 digits (minute) or 14 (second).", ("minute", "second")),
    SettingSpec("note.tags", (), "Tags that every new note gets."),
    SettingSpec("note.template", "", "The template for new notes if none is named; see zettel templates."),
    SettingSpec(
        "daily.filename",
        AUTO,
        "The file name of a daily note, without suffix; auto is {date} if the last one is called so, else {id} {date}. May contain {id}, {date}, {title} and {slug}; without {id} the note has no ID.",
        check=_check_daily_file_name,
    ),
    SettingSpec(
        "daily.folder", "", "The folder for daily notes; by default that of the last one, else that for new notes.", check=_check_folder
    ),
    SettingSpec(
        "files.folder",
        "files",
        "The folder for pictures and other files that imported notes bring with them, from the notebook's root.",
        check=_check_folder,
    ),
    SettingSpec(
        "ignore", (), 'Globs of files and folders that are not notes, from the notebook\'s root, e.g. ["drafts/*", "*.excalidraw.md"].'
    ),
    SettingSpec(
        "links.pipe", "target-first", "Which side of [[a|b]] is the target; Dendron writes label-first.", ("target-first", "label-first")
    ),
    SettingSpec(
        "editor",
        "",
        "The editor for notes, with its arguments; {file} and {line} may stand for the note and the line. Taken from a notebook's config once you trust it: zettel trust.",
        is_personal=True,
    ),
    SettingSpec(
        "picker.command",
        "",
        "The fzf that picks notes; list is a numbered list instead. Taken from a notebook's config once you trust it: zettel trust.",
        is_personal=True,
    ),
    SettingSpec(
        "picker.options",
        "",
        "More options for fzf, e.g. --height=60%. Taken from a notebook's config once you trust it: zettel trust.",
        is_personal=True,
    ),
    SettingSpec("color", AUTO, "Colours: auto (on a terminal), always, never.", (AUTO, "always", "never")),
    SettingSpec(
        "start",
        "browse",
        "What zettel alone does in a notebook, on a terminal: open the list of notes (zettel browse), or print help.",
        ("browse", "help"),
    ),
    SettingSpec(
        "theme",
        AUTO,
        "Colours of zettel browse: auto (light or dark, as the terminal is), light, dark, or ansi: the terminal's own 16.",
        (AUTO, "light", "dark", "ansi"),
    ),
    SettingSpec(
        KEYS,
        (),
        'The keys for an action of zettel browse, in place of its own, e.g. keys.suggest = ["S"]. docs/browsing.md lists the actions.',
    ),
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
        "check.grace-days",
        14,
        "The days during which a new note is not called empty, isolated or an orphan; 0 judges every note at once.",
        least=0,
    ),
    SettingSpec(
        "check.grace-tags",
        ("daily", "journal"),
        "Tags of notes that are never called so. Notes whose title is a day or a week need no links either.",
        check=_build_tags_check("check.grace-tags", '["daily"]'),
    ),
    SettingSpec(
        "check.rules",
        (),
        'Your own rules, each a sentence, e.g. ["a note tagged initiative links to one tagged metric", "a decision older than 90 days has a follow-up"].',
        check=_check_rules,
    ),
    SettingSpec("search.limit", 20, "How many results a search shows."),
    SettingSpec(
        "lsp.complete",
        "links",
        "What an editor completes while you type: links, tags and front matter (links), or also the titles of notes in prose (words).",
        ("links", "words"),
    ),
    SettingSpec(
        "lsp.hints",
        HINTS,
        "What an editor shows between the words of a note: the titles of links by ID alone (titles), and how many backlinks the note has (backlinks).",
        check=_check_hints,
    ),
    SettingSpec("lsp.lens", False, "Show above titles and headings in an editor how many links lead to them."),
    SettingSpec("lsp.hover-lines", 12, "How many lines of a note an editor shows when you point at a link.", least=0),
    SettingSpec(
        "mcp.hide",
        ("tag:private",),
        'Notes that an assistant is not to know of: globs of files and folders, and tags, e.g. ["tag:private", "people/*"].',
        check=_check_hidden,
    ),
    SettingSpec(
        "mcp.tags",
        ("by/assistant",),
        "Tags that every note gets that an assistant makes, besides note.tags.",
        check=_build_tags_check("mcp.tags", '["by/assistant"]'),
    ),
    SettingSpec(
        "tags.unsorted",
        ("inbox", "todo", "draft", "fleeting", "unsorted", "seedling"),
        "Tags that say that a note is yet to be sorted or finished, not what it is about. They are neither subjects nor reasons for a link.",
        check=_build_tags_check("tags.unsorted", '["inbox", "draft"]'),
    ),
)
MAX_NUMBER = 999_999_999
"""Maximum value of a number."""

MAX_TEXT = 1000
"""Maximum characters of a string."""

DEFAULTS: dict[str, SettingValue] = {row.name: row.default for row in SETTINGS if row.name != KEYS}
SPECS = {row.name: row for row in SETTINGS}


def find_spec(name: str) -> SettingSpec | None:
    """Return the setting of this name, or None if there is none."""
    if name.startswith(KEYS[:-1]):
        name = KEYS
    return SPECS.get(name)


def find_default(name: str) -> SettingValue:
    """Return the default of the setting of this name. Raises `KeyError` if there is none."""
    spec = find_spec(name)
    if spec is None:
        raise KeyError(name)
    return spec.default


class Settings(dict[str, SettingValue]):
    """All settings by name, where asking for a faulty one raises its `SettingsError`, so that it stops only the commands that need it.

    `errors` holds the faulty ones, which `dict.get` does not find. `ignored` are faults of the config files that no command can ask for, such as an
    unknown setting.
    """

    def __init__(self, values: Mapping[str, SettingValue]) -> None:
        """Start with `values` and no errors."""
        super().__init__(values)
        self.errors: dict[str, SettingsError] = {}
        self.ignored: list[SettingsError] = []
        self._raised: list[SettingsError] = []

    def __missing__(self, name: str) -> SettingValue:
        """Raise the error of a faulty setting."""
        self._raised.append(self.errors[name])
        raise self.errors[name]

    def put(self, name: str, given: SettingValue) -> None:
        """Set a valid value, in place of a faulty one, too."""
        self[name] = given
        self.errors.pop(name, None)

    def put_error(self, name: str, error: SettingsError) -> None:
        """Make a setting faulty."""
        self.pop(name, None)
        self.errors[name] = error

    def report_faults(self) -> list[SettingsError]:
        """List all faults, each once, and count them as ones that the command has run into."""
        self._raised.clear()
        self._raised += self.list_unraised()
        return list(self._raised)

    def list_unraised(self) -> list[SettingsError]:
        """List the faults that no command has run into, each once."""
        faults = {id(error): error for error in (*self.ignored, *self.errors.values())}
        return [error for error in faults.values() if not any(error is raised for raised in self._raised)]


def validate_setting(name: str, given: object, origin: str) -> SettingValue:
    """Return a value from a config file in its final type. Raises `SettingsError` unless it is allowed."""
    row = _find_spec(name, origin)
    if row.name == KEYS and isinstance(given, str):
        given = (given,)
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        given = tuple(given)
    if type(given) is not type(row.default):
        raise SettingsError(f"{origin}: {name} must be {_describe_type(row)}", _format_example(row, name))
    if row.choices and given not in row.choices:
        raise SettingsError(f'{origin}: {name} cannot be "{given}"', f"choose from {', '.join(row.choices)}")
    if type(given) is int and not row.least <= given <= MAX_NUMBER:
        raise SettingsError(
            f"{origin}: {name} must be {f'{row.least} or more' if given < row.least else f'{MAX_NUMBER} or less'}", _format_example(row)
        )
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


def _format_example(spec: SettingSpec, name: str = "") -> str:
    if spec.name == KEYS:
        return f'e.g. {name or "keys.suggest"} = ["alt+x"]'
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
    found = find_spec(name)
    if found is None or name == KEYS:
        raise SettingsError(f'{origin}: there is no setting "{name}"', f"settings are {', '.join(SPECS)}")
    return found


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
            example = 'keys.suggest = ["s"]' if row.name == KEYS else f"{row.name} = {format_toml(row.default)}"
            lines += [f"# {row.description}{choices}", f"# {example}", ""]
    return "\n".join(lines)
