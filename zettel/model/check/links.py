"""Check links: report those that lead to no note, to several, or to the note that contains them."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.check.check import NotebookFacts
from zettel.model.check.intended_target import IntendedTarget, IntendedTargetFinder, normalise_name, split_folder_and_name
from zettel.model.edit.repair_link import build_target_repair
from zettel.model.link.link import AMBIGUOUS, DANGLING, OK, Link
from zettel.model.link.repair import LinkRepair
from zettel.model.note.problem import Problem
from zettel.model.text.ids import is_id
from zettel.model.text.inert import clip
from zettel.model.text.phrases import clip_names

MAX_QUOTE_LENGTH = 80
"""Characters quoted from a text at most."""

MAX_NAMED = 3
"""Notes named in a message at most."""


def find_dangling_links(facts: NotebookFacts) -> Iterator[Problem]:
    """Report links that no note answers to, with the intended note if there is a clear candidate."""
    links = [resolved.link for resolved in facts.list_links(DANGLING)]
    sources: dict[str, set[str]] = {}
    for link in links:
        sources.setdefault(normalise_name(split_folder_and_name(link)[1]), set()).add(link.source)
    intentions = IntendedTargetFinder(facts.notes.values(), facts.is_word, lambda key: len(sources.get(key, ())))
    for link in links:
        intended = intentions.find_target(link)
        repair = build_target_repair(link, facts.notes[intended.paths[0]]) if intended.is_sure else None
        message = f'no note answers to "{clip(link.dest, MAX_QUOTE_LENGTH)}"'
        yield Problem(
            link.source,
            "dangling",
            message,
            *facts.find_position(link.source, link.start),
            _build_hint(facts, link, intended, repair),
            repair,
        )


def _build_hint(facts: NotebookFacts, link: Link, intended: IntendedTarget, repair: LinkRepair | None) -> str:
    if not intended.paths:
        name = split_folder_and_name(link)[1]
        is_plain = (
            name and not is_id(name) and all(char.isalnum() or char in " -_.," for char in name)
        )  # nothing that a shell would interpret
        return f'write it: zettel new "{name}", or correct the link' if is_plain and len(name) <= MAX_QUOTE_LENGTH else ""
    names = " or ".join(facts.notes[path].name for path in intended.paths[:MAX_NAMED])
    return f"zettel check --fix links it to {names}" if repair else f"did you mean {names}?"


def find_ambiguous_links(facts: NotebookFacts) -> Iterator[Problem]:
    """Report links that several notes answer to."""
    for resolved in facts.list_links(AMBIGUOUS):
        link, candidates = resolved.link, resolved.resolution.candidates
        message = f'{len(candidates)} notes answer to "{clip(link.dest, MAX_QUOTE_LENGTH)}": {format_paths(candidates)}'
        yield Problem(link.source, "ambiguous", message, *facts.find_position(link.source, link.start))


def find_self_links(facts: NotebookFacts) -> Iterator[Problem]:
    """Report links of a note to itself, except links to one of its own headings."""
    for resolved in facts.list_links(OK):
        link = resolved.link
        if resolved.is_self and "#" not in link.dest:
            message = f'"{clip(link.text, MAX_QUOTE_LENGTH)}" leads to the note that contains it'
            yield Problem(link.source, "self", message, *facts.find_position(link.source, link.start))


def format_paths(paths: tuple[str, ...] | list[str]) -> str:
    """List the first paths, and say how many more there are."""
    return clip_names(paths, MAX_NAMED)
