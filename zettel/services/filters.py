"""Build a note filter from the options of a command line."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.model.base.errors import QueryError
from zettel.model.search.filter import Filter, parse_sort, parse_tag_filters
from zettel.model.text.fold import to_nfc
from zettel.session import Session

FilterValue = str | int | list[str] | None
"""The value of a filter option. `build_filter` lists the options' names."""


def build_filter(session: Session, options: Mapping[str, FilterValue], default_sort: str = "") -> Filter:
    """Build a filter from command-line options: tag, linked_by, links_to, created_after, created_before, folder, sort, limit."""
    field, descending = parse_sort(str(options.get("sort") or default_sort)) if options.get("sort") or default_sort else ("", False)
    limit = options.get("limit")
    if isinstance(limit, int) and limit < 1:
        raise QueryError(f"--limit must be 1 or more, not {limit}", "leave it out to see everything")
    return Filter(
        tuple(term for text in _list_values(options.get("tag")) for term in parse_tag_filters(text)),
        tuple(session.resolve_note(name).path for name in _list_values(options.get("linked_by"))),
        tuple(session.resolve_note(name).path for name in _list_values(options.get("links_to"))),
        _parse_day(session, options.get("created_after")),
        _parse_day(session, options.get("created_before")),
        _parse_folder(options.get("folder")),
        field,
        descending,
        min(limit, 2**31) if isinstance(limit, int) else 0,
    )


def _list_values(option: FilterValue) -> list[str]:
    return option if isinstance(option, list) else []


def _parse_day(session: Session, text: FilterValue) -> str:
    if not isinstance(text, str):
        return ""
    from zettel.model.text.dates import parse_date_range

    return parse_date_range(text, session.today())[0].isoformat()


def _parse_folder(folder: FilterValue) -> str:
    parts = [part for part in to_nfc(str(folder or "")).split("/") if part not in ("", ".")]
    if ".." in parts:
        raise QueryError(f"--in {folder} leads out of the notebook", "name a folder of the notebook, from its root")
    return "/".join(parts)
