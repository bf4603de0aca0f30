"""Build a note filter from the options of a command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from zettel.model.base.errors import QueryError, ensure_positive
from zettel.model.search.filter import Filter, parse_sort, parse_tag_filters
from zettel.model.text.fold import to_nfc
from zettel.model.text.inert import clip
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.notebook.notebook import OpenNotebook


class FilterOptions:
    """The filter options of a command line, as typed. `build_filter` parses them. Not a `@value`: every start would compile it."""

    tag: Sequence[str] = ()
    linked_by: Sequence[str] = ()
    links_to: Sequence[str] = ()
    created_after: str | None = None
    created_before: str | None = None
    folder: str | None = None
    sort: str | None = None
    limit: int | None = None

    def __init__(self, **options: object) -> None:
        self.__dict__.update(options)


def group_filters(options: Mapping[str, object]) -> dict[str, object]:
    """Return options with those that filter notes in one value, `filters`."""
    names = FilterOptions.__annotations__
    filters = FilterOptions(**{name: item for name, item in options.items() if name in names})
    return {**{name: item for name, item in options.items() if name not in names}, "filters": filters}


def build_filter(session: Session, options: FilterOptions, default_sort: str = "") -> Filter:
    """Build a filter from command-line options. Raises `QueryError`, and `NoSuchNote` or `SeveralNotes` for a note that is named."""
    sort, limit = options.sort or default_sort, options.limit
    field, descending = parse_sort(sort) if sort else ("", False)
    ensure_positive("--limit", limit, "leave it out to see everything", QueryError)
    return Filter(
        tuple(term for text in options.tag for term in parse_tag_filters(text)),
        tuple(session.resolve_note(name).path for name in options.linked_by),
        tuple(session.resolve_note(name).path for name in options.links_to),
        _parse_day(session, options.created_after),
        _parse_day(session, options.created_before),
        _parse_folder(options.folder),
        field,
        descending,
        min(limit or 0, 2**31),
    )


def _parse_day(session: Session, text: str | None) -> str:
    if text is None:
        return ""
    from zettel.model.text.dates import parse_date_range

    return parse_date_range(text, session.today())[0].isoformat()


def _parse_folder(folder: str | None) -> str:
    parts = [part for part in to_nfc(folder or "").split("/") if part not in ("", ".")]
    if ".." in parts:
        raise QueryError(f"--folder {folder} leads out of the notebook", "name a folder of the notebook, from its root")
    return "/".join(parts)


def describe_missing(notebook: OpenNotebook, wanted: Filter) -> list[str]:
    """Return a remark for every tag and folder of a filter that the notebook does not have."""
    catalogue = notebook.catalogue
    missing = [key for key in {term.key: None for either in wanted.tags for term in either} if not catalogue.count_tagged_notes(key)]
    remarks = [f'no note has the tag "{clip(key, 80)}"' + _offer(key, (tag for tag, _ in catalogue.count_tags())) for key in missing]
    if wanted.folder and not catalogue.list_paths(Filter(folder=wanted.folder)):
        folders = {path.rpartition("/")[0] for path in catalogue.list_paths(Filter())} - {""}
        remarks.append(f'no note is in the folder "{clip(wanted.folder, 80)}"' + _offer(wanted.folder, folders))
    return remarks


def _offer(name: str, names: Iterable[str]) -> str:
    from zettel.model.text.fuzzy import find_nearest

    near = find_nearest(name, names, limit=1)
    return f'; did you mean "{near[0]}"?' if near else ""
