"""Tell the client what is wrong with its documents: unasked after a pause, or when it asks."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from lsprotocol import types

from zettel.lsp import answers
from zettel.lsp.client import Client
from zettel.lsp.served_notebooks import ServedNotebook, ServedNotebooks
from zettel.model.base.errors import SettingsError
from zettel.model.check.check import ERROR
from zettel.model.editor.editor_text import TextPlace, TextSpan
from zettel.model.text.inert import escape_unsafe
from zettel.services.editor.note_places import locate_title_roughly
from zettel.services.editor.notebook_findings import NOTEBOOK_CHECKS, FindingRecord, build_record
from zettel.services.editor.open_note_facts import PlacedFinding, check_open_note, place_title

PAUSE = 0.15
"""Seconds after the last change at which problems are sent."""

QUIET = 1.0
"""Seconds after the last change during which a link at the place of the change is not judged."""

MAX_RELATED = 20
"""How many other notes are named with a problem at most."""


class Diagnostics:
    """The problems of open documents. `publish` sends those of a document, and `refresh` has a client ask for them again."""

    def __init__(
        self,
        client: Client,
        all_served: ServedNotebooks,
        publish: Callable[[types.PublishDiagnosticsParams], None],
        refresh: Callable[[], object],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._client = client
        self._all_served = all_served
        self._publish = publish
        self._refresh = refresh
        self._clock = clock
        self._due: dict[str, float] = {}
        self._edits: dict[str, tuple[float, TextPlace]] = {}
        self._versions: dict[str, object] = {}
        self._shown: dict[str, list[types.Diagnostic]] = {}

    def note_opened(self, uri: str) -> None:
        """Judge a document soon. A client that pulls asks by itself."""
        if not self._client.pulls_diagnostics:
            self._due[uri] = self._clock()

    def note_edit(self, uri: str, place: TextPlace | None) -> None:
        """Judge a document after a pause. `place` is the end of what was typed; None means that all of the text is new."""
        self._due[uri] = self._clock() + (QUIET if self._client.pulls_diagnostics else PAUSE)
        if place:
            self._edits[uri] = self._clock(), place

    def note_saved(self, uri: str) -> None:
        """Judge a document at once, also where something was typed last."""
        self._edits.pop(uri, None)
        self._due[uri] = self._clock()

    def note_closed(self, uri: str) -> None:
        """Take back what was said about a document."""
        for known in (self._due, self._edits, self._versions, self._shown):
            known.pop(uri, None)
        if not self._client.pulls_diagnostics:
            self._publish(types.PublishDiagnosticsParams(uri, []))

    def measure_wait(self, most: float) -> float:
        """Return in how many seconds a document is due, `most` if none is before."""
        return max(0.0, min([most, *(due - self._clock() for due in self._due.values())]))

    def send_due(self) -> None:
        """Send the problems of all documents that are due, or whose notebook has changed since."""
        now = self._clock()
        for uri in self._all_served.list_documents():
            found = self._all_served.find(uri)
            if found and uri in self._versions and self._versions[uri] != _get_version(found[0]):
                self._due.setdefault(uri, now)
        has_news = False
        for uri in [uri for uri, at in self._due.items() if at <= now]:
            del self._due[uri]
            if found := self._all_served.find(uri):
                served, path = found
                self._versions[uri] = _get_version(served)
                before, items = self._shown.get(uri), self.list_diagnostics(uri, served, path)
                if not self._client.pulls_diagnostics:
                    self._publish(types.PublishDiagnosticsParams(uri, items, version=served.document_versions.get(path)))
                elif before is not None and items != before:
                    has_news = True
        if has_news:
            self._refresh()

    def _is_quiet(self, uri: str) -> bool:
        """Return whether somebody is just typing in a document."""
        return uri in self._edits and self._clock() - self._edits[uri][0] < QUIET

    def list_diagnostics(self, uri: str, served: ServedNotebook, path: str) -> list[types.Diagnostic]:
        """Return the problems of a document, without links at which somebody is just typing: these are judged a little later."""
        found = self._shown[uri] = self._find_diagnostics(uri, served, path)
        return found

    def _find_diagnostics(self, uri: str, served: ServedNotebook, path: str) -> list[types.Diagnostic]:
        if served.session is None or served.notes.notebook is None or served.notes.texts[path].is_large:
            return []
        place = self._edits[uri][1] if self._is_quiet(uri) else None
        found = []
        try:
            for one in check_open_note(served.session, served.notes, path):
                if place and one.span.start <= place <= one.span.end:
                    self._due[uri] = self._edits[uri][0] + QUIET
                else:
                    found.append(self._build(served, one))
        except SettingsError as error:
            line = TextSpan(TextPlace(0, 0), TextPlace(0, 0))
            return [
                types.Diagnostic(
                    answers.to_range(line), f"{error.message}; {error.hint}", types.DiagnosticSeverity.Warning, source="zettel"
                )
            ]
        title = None
        for record in served.findings.get(path, ()):
            if record["code"] in NOTEBOOK_CHECKS:
                title = title or place_title(served.notes, path)
                found.append(build_diagnostic(record, title))
                self._add_related(found[-1], served, tuple(record["related"]))
        return found

    def _build(self, served: ServedNotebook, placed: PlacedFinding) -> types.Diagnostic:
        diagnostic = build_diagnostic(build_record(placed.finding), placed.span)
        if diagnostic.code == "self" and self._client.knows_diagnostic_tags:
            diagnostic.tags = [types.DiagnosticTag.Unnecessary]
        self._add_related(diagnostic, served, placed.related)
        return diagnostic

    def _add_related(self, diagnostic: types.Diagnostic, served: ServedNotebook, paths: tuple[str, ...]) -> None:
        """Add the other notes that a problem is about."""
        if paths and self._client.knows_related_information:
            notes = served.notes.find_notes(list(paths[:MAX_RELATED]))
            diagnostic.related_information = [
                types.DiagnosticRelatedInformation(
                    answers.to_location(served, locate_title_roughly(served.notes, path)), escape_unsafe(note.name)
                )
                for path, note in notes.items()
            ]

    def pull(
        self, params: types.DocumentDiagnosticParams
    ) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
        """Answer a client that asks for the problems of a document: unchanged if neither its text nor the notebook has changed since."""
        uri = params.text_document.uri
        found = self._all_served.find(uri)
        if not found:
            return types.RelatedFullDocumentDiagnosticReport([])
        served, path = found
        self._versions[uri] = _get_version(served)
        result = f"{served.document_versions.get(path)} {self._versions[uri]} {self._is_quiet(uri)}"
        if params.previous_result_id == result:
            return types.RelatedUnchangedDocumentDiagnosticReport(result)
        return types.RelatedFullDocumentDiagnosticReport(self.list_diagnostics(uri, served, path), result_id=result)


def _get_version(served: ServedNotebook) -> tuple[object, int, int]:
    """Return what changes when other problems may be found in a notebook's documents."""
    return served.notes.version, served.findings_number, served.settings_number


def build_diagnostic(record: FindingRecord, span: TextSpan) -> types.Diagnostic:
    """Return a problem at a place. A dangling link is information, unless the settings make it an error: the note may be written yet."""
    severity = types.DiagnosticSeverity.Error if record["severity"] == ERROR else types.DiagnosticSeverity.Warning
    if record["code"] == "dangling" and record["severity"] != ERROR:
        severity = types.DiagnosticSeverity.Information
    words = "; ".join(escape_unsafe(one) for one in (record["message"], record["hint"]) if one)
    return types.Diagnostic(answers.to_range(span), words, severity, code=record["code"], source="zettel")
