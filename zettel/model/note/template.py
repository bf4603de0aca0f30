"""Fill in templates: whole notes with `$placeholders`, in the notation of Python's `string.Template`.

A dollar sign that does not start a placeholder stays as it is (`$5`, `$HOME`, `$$x^2$$`); `$$title` writes `$title`. Nothing in
a template is ever executed. What the user typed goes into front matter as literal text, whatever it contains, and parsing the
result proves that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from zettel.model.base.errors import Refused
from zettel.model.note.frontmatter import find_front_matter, list_tags
from zettel.model.note.new_note import format_yaml, quote
from zettel.model.note.note_style import SWALLOWING_MARKS, is_prose_tag


class TemplateValues(NamedTuple):
    """The values for the placeholders of a new note."""

    title: str
    id: str
    created: datetime
    tags: tuple[str, ...]
    body: str


class Placeholder(NamedTuple):
    """A placeholder: its name, a description for people, and the function that returns its text."""

    name: str
    description: str
    format_value: Callable[[TemplateValues], str]


PLACEHOLDERS = (
    Placeholder("title", "The title.", lambda facts: facts.title),
    Placeholder("id", "The ID.", lambda facts: facts.id),
    Placeholder("date", "Today: `2026-11-22`.", lambda facts: facts.created.strftime("%Y-%m-%d")),
    Placeholder("time", "The time: `14:05`.", lambda facts: facts.created.strftime("%H:%M")),
    Placeholder("day", "The weekday: `Sunday`.", lambda facts: facts.created.strftime("%A")),
    Placeholder("week", "The week: `2026-W47`.", lambda facts: "{}-W{:02}".format(*facts.created.isocalendar())),
    Placeholder("month", "The month: `November`.", lambda facts: facts.created.strftime("%B")),
    Placeholder("year", "The year: `2026`.", lambda facts: facts.created.strftime("%Y")),
    Placeholder("yesterday", "The day before: `2026-11-21`.", lambda facts: _format_day(facts, -1)),
    Placeholder("tomorrow", "The day after: `2026-11-23`.", lambda facts: _format_day(facts, 1)),
    Placeholder("in_N_days", "The day N days ahead, e.g. `$in_90_days`: `2027-02-20`.", lambda facts: _format_day(facts, 0)),
    Placeholder(
        "tags",
        "The tags of `--tag` and the setting `note.tags`: with commas, or as `#tag` if the template has no front matter.",
        lambda facts: ", ".join(facts.tags),
    ),
    Placeholder("body", "The text from a pipe or `--body`; without this placeholder, it goes at the end.", lambda facts: facts.body),
)
"""All placeholders. The reference page is generated from this table."""

PLACEHOLDER_FORMATS = {row.name: row.format_value for row in PLACEHOLDERS}
USER_PLACEHOLDERS = ("title", "tags", "body")
"""Placeholders for text that the user typed, which may contain anything."""

PLACEHOLDER_NAME = "(?:" + "|".join(row.name.replace("N", "[0-9]{1,4}") for row in PLACEHOLDERS) + ")(?![A-Za-z0-9_])"
PLACEHOLDER = re.compile(
    rf"\$(?:(?P<escaped>\$)(?=\$*(?:{PLACEHOLDER_NAME}|\{{{PLACEHOLDER_NAME}\}}))|(?P<named>{PLACEHOLDER_NAME})|\{{(?P<braced>{PLACEHOLDER_NAME})\}})"
)
TAGS_PLACEHOLDER = re.compile(r"(?<!\$)#?\$(?:tags(?![A-Za-z0-9_])|\{tags\})")
BODY_LINE = re.compile(r"(?m)^[ \t]*(?<!\$)\$(?:body|\{body\})[ \t]*\n(?:[ \t]*(?:\n|\Z))?")
FIELD = re.compile(r"(?P<key>[ \t]*(?:-[ \t]+)*(?:[\w.\"-]+[ \t]*(?::(?=\s|\Z)|=))?[ \t]*)(?P<value>.*)", re.S)
COMMENT = re.compile(r"[ \t]#")
DESCRIPTION = re.compile(r"\A#[ \t]*(?P<about>[^\n]*)\n")
TAGS = re.compile(r"(?m)^tags[ \t]*[:=][^\n]*\n(?:(?:[ \t]+|-|\])[^\n]*\n)*")
HEADING = re.compile(r"(?m)^#{1,6}[ \t]+(?P<words>[^\n]+)")

ParseFields = Callable[[str, str], Mapping[str, object]]
"""Parses raw front matter in a language (`format_yaml` or `toml`) into its fields. Raises `Refused` if it is invalid."""


def describe_template(template: str) -> str:
    """Return what a template is for: the comment in the first line of its front matter, else its first heading without a placeholder."""
    text = _normalise_line_ends(template)
    front = find_front_matter(text)
    comment = DESCRIPTION.match(front.raw) if front else None
    if comment:
        return comment["about"].strip()
    headings = (found["words"].strip("# \t") for found in HEADING.finditer(text[front.body_start if front else 0 :]))
    return next((words for words in headings if not PLACEHOLDER.search(words)), "")


def fill_template(template: str, values: TemplateValues, parse_fields: ParseFields) -> str:
    """Return the text of a note made from a template.

    Adds the tags of `values` to those of the template, and drops the comment in the first line of the front matter that says
    what the template is for. Without front matter, tags become `#tag` where the template has `$tags`, or else in a last line. Raises
    `Refused` if the front matter is invalid or would not parse to what the template means.
    """
    text = _normalise_line_ends(template)
    front = find_front_matter(text)
    begun = DESCRIPTION.sub("", front.raw) if front else ""
    body = text[front.body_start if front else 0 :]
    values = values._replace(body=_normalise_line_ends(values.body).strip("\n"))
    if not values.body.strip():
        body = BODY_LINE.sub("", body)
    elif "body" not in {found["named"] or found["braced"] for found in PLACEHOLDER.finditer(text)}:
        body = body.rstrip("\n") + "\n\n$body\n" if body.strip() else "\n$body\n"
    tagged = None if front else _fill_hashtags(body, values)
    if tagged is not None:
        body, values = tagged, values._replace(tags=())
    body = _fill_placeholders(body, lambda found: _format_placeholder(found, values))
    language = front.language if front else "yaml"
    fence = "+++" if language == "toml" else "---"
    raw = _fill_front_matter(begun, language, values, parse_fields)
    gap = "" if front else "\n" * bool(raw)
    whole = f"{fence}\n{raw}{fence}\n{gap}{body}" if raw else body
    return whole.rstrip("\n") + "\n"


def _fill_hashtags(body: str, values: TemplateValues) -> str | None:
    """Return the body of a template with the tags as `#tag` in place of `$tags`, or in a last line. Returns None if they need front matter."""
    if not values.tags or not all(map(is_prose_tag, values.tags)):
        return None
    line = " ".join(f"#{tag}" for tag in values.tags)
    filled = TAGS_PLACEHOLDER.sub(lambda _: line, body)
    if filled != body:
        return filled
    is_safe = not any(mark in body + values.body for mark in SWALLOWING_MARKS)
    return f"{body.rstrip(chr(10))}\n\n{line}\n".lstrip("\n") if is_safe else None


def _normalise_line_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _format_day(values: TemplateValues, ahead: int) -> str:
    return (values.created + timedelta(days=ahead)).strftime("%Y-%m-%d")


def _format_placeholder(name: str, values: TemplateValues) -> str:
    """Return the text for a placeholder."""
    return PLACEHOLDER_FORMATS[name](values) if name in PLACEHOLDER_FORMATS else _format_day(values, int(name.split("_")[1]))


def _fill_placeholders(text: str, format_value: Callable[[str], str]) -> str:
    return PLACEHOLDER.sub(lambda found: "$" if found["escaped"] else format_value(found["named"] or found["braced"]), text)


def _fill_front_matter(raw: str, language: str, values: TemplateValues, parse_fields: ParseFields) -> str:
    """Fill in the front matter, and prove that its parsed fields are those of the template with the values put in."""
    if not raw and not values.tags:
        return ""
    plain = values._replace(title="Qtitleq", body="Qbodyq")
    own = list_tags(parse_fields(_fill_lines(raw, language, plain._replace(tags=())), language))
    tags = tuple(dict.fromkeys((*own, *values.tags)))
    field = TAGS.search(raw)
    keeps_tags = not values.tags and not (field and PLACEHOLDER.search(field[0]))
    done, plain_raw = (
        text if keeps_tags else _replace_tags(text, language, tags)
        for text in (_fill_lines(raw, language, some) for some in (values, plain))
    )
    expected = _replace_words(parse_fields(plain_raw, language), {plain.title: values.title, plain.body: values.body})
    try:
        found = parse_fields(done, language)
    except Refused:
        found = {}
    if found != expected or list_tags(found) != tags:
        raise Refused(
            f'"{values.title}" cannot be put into the front matter of the template', 'put double quotes around it there: "$title"'
        )
    return done


def _fill_lines(raw: str, language: str, values: TemplateValues) -> str:
    return "".join(_fill_line(line, language, values) + "\n" for line in raw.splitlines())


def _fill_line(line: str, language: str, values: TemplateValues) -> str:
    """Fill in a line of front matter. Text that the user typed goes in quotes, or is escaped for the quotes around it."""
    found = FIELD.fullmatch(line)
    names = {match["named"] or match["braced"] for match in PLACEHOLDER.finditer(line)}
    if not found or not names.intersection(USER_PLACEHOLDERS):
        return _fill_placeholders(line, lambda name: _format_placeholder(name, values))
    key, value = found["key"], found["value"]
    if value[:1] in "\"'[{":
        parts, at = [], 0
        for match in PLACEHOLDER.finditer(value):
            text = "$" if match["escaped"] else _format_placeholder(match["named"] or match["braced"], values)
            parts += [value[at : match.start()], _escape_in_context(text, value[: match.start()])]
            at = match.end()
        return key + "".join(parts) + value[at:]
    comment = COMMENT.search(value)
    value, rest = (value[: comment.start()], value[comment.start() :]) if comment else (value, "")
    text = _fill_placeholders(value, lambda name: _format_placeholder(name, values)).strip()
    return (key + (quote(text) if language == "toml" else format_yaml(text) if text else "") + rest).rstrip()


def _escape_in_context(text: str, before: str) -> str:
    """Escape a text to follow `before` in a value: inside double quotes, inside single quotes, or in quotes of its own."""
    before = before.replace("\\\\", "").replace('\\"', "")
    double, single = before.rfind('"'), before.rfind("'")
    if before.count('"') % 2 and (double > single or not before.count("'") % 2):
        return quote(text)[1:-1]
    if before.count("'") % 2:
        return text.replace("'", "''")
    return quote(text) if text else ""


def _replace_tags(raw: str, language: str, tags: tuple[str, ...]) -> str:
    """Return front matter with these tags as its field `tags`."""
    found = TAGS.search(raw)
    listed = ", ".join(quote(tag) if language == "toml" else format_yaml(tag) for tag in tags)
    line = f"tags = [{listed}]\n" if language == "toml" else f"tags: [{listed}]\n"
    return raw[: found.start()] + line + raw[found.end() :] if found else raw + line


def _replace_words(given: object, words: Mapping[str, str]) -> object:
    """Return parsed fields with words in their strings replaced, at any depth."""
    if isinstance(given, str):
        return re.sub("|".join(words), lambda found: words[found[0]], given)
    if isinstance(given, Mapping):
        return {key: _replace_words(item, words) for key, item in given.items()}
    return [_replace_words(item, words) for item in given] if isinstance(given, list) else given
