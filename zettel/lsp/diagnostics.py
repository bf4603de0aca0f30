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
from zettel.model.editor.editor_text import Place, TextSpan
from zettel.services.note_places import locate_title_roughly
from zettel.services.open_note_facts import PlacedFinding, check_open_note

PAUSE = 0.15
"""Seconds after the last change at which problems are sent."""

QUIET = 1.0
"""Seconds after the last change during which a link at the place of the change is not judged."""


class Diagnostics:
    """The problems of open documents. `publish` sends those of a document, and `refresh` has a client ask for them again."""

    def __init__(
        self,
        client: Client,
        all_served: ServedNotebooks,
        publish: Callable[[types.PublishDiagnosticsParams], None],
        refresh: Callable[[], object],
    ) -> None:
        self._client = client
        self._all_served = all_served
        self._publish = publish
        self._refresh = refresh
        self._due: dict[str, float] = {}
        self._edits: dict[str, tuple[float, Place]] = {}
        self._versions: dict[str, object] = {}

    def note_opened(self, uri: str) -> None:
        """Judge a document soon."""
        self._due[uri] = monotonic()

    def note_edit(self, uri: str, place: Place | None) -> None:
        """Judge a document after a pause. `place` is the end of what was typed; None means that all of the text is new."""
        self._due[uri] = monotonic() + PAUSE
        if place:
            self._edits[uri] = monotonic(), place

    def note_saved(self, uri: str) -> None:
        """Judge a document at once, also where something was typed last."""
        self._edits.pop(uri, None)
        self._due[uri] = monotonic()

    def note_closed(self, uri: str) -> None:
        """Take back what was said about a document."""
        for known in (self._due, self._edits, self._versions):
            known.pop(uri, None)
        if not self._client.pulls_diagnostics:
            self._publish(types.PublishDiagnosticsParams(uri, []))

    def measure_wait(self, most: float) -> float:
        """Return in how many seconds a document is due, `most` if none is before."""
        return max(0.0, min([most, *(due - monotonic() for due in self._due.values())]))

    def send_due(self) -> None:
        """Send the problems of all documents that are due, or whose notebook has changed since."""
        for uri in self._all_served.list_documents():
            found = self._all_served.find(uri)
            if found and uri in self._versions and self._versions[uri] != found[0].notes.version:
                self._due.setdefault(uri, 0.0)
        now = monotonic()
        due = [uri for uri, at in self._due.items() if at <= now]
        for uri in due:
            del self._due[uri]
            if found := self._all_served.find(uri):
                self._versions[uri] = found[0].notes.version
                if not self._client.pulls_diagnostics:
                    items = self.list_diagnostics(uri, *found)
                    self._publish(types.PublishDiagnosticsParams(uri, items, version=found[0].document_versions.get(found[1])))
        if due and self._client.pulls_diagnostics and self._client.refreshes_diagnostics:
            self._refresh()

    def list_diagnostics(self, uri: str, served: ServedNotebook, path: str) -> list[types.Diagnostic]:
        """Return the problems of a document, without links at which somebody is just typing: these are judged a little later."""
        if served.session is None:
            return []
        edited, place = self._edits.get(uri, (0.0, None))
        is_quiet = place is not None and monotonic() - edited < QUIET
        found = []
        try:
            for one in check_open_note(served.session, served.notes, path):
                if is_quiet and place and one.span.start <= place <= one.span.end:
                    self._due[uri] = edited + QUIET
                else:
                    found.append(self._build(served, one))
        except SettingsError as error:
            line = TextSpan(Place(0, 0), Place(0, 0))
            return [
                types.Diagnostic(
                    answers.to_range(line), f"{error.message}; {error.hint}", types.DiagnosticSeverity.Warning, source="zettel"
                )
            ]
        return found

    def _build(self, served: ServedNotebook, placed: PlacedFinding) -> types.Diagnostic:
        finding = placed.finding
        code = finding.check.code
        severity = types.DiagnosticSeverity.Error if finding.severity == ERROR else types.DiagnosticSeverity.Warning
        if code == "dangling" and finding.severity != ERROR:
            severity = types.DiagnosticSeverity.Information
        hint = f"\n{finding.hint}" if finding.hint else ""
        diagnostic = types.Diagnostic(
            answers.to_range(placed.span), f"{finding.problem.message}{hint}", severity, code=code, source="zettel"
        )
        if code == "self" and self._client.knows_diagnostic_tags:
            diagnostic.tags = [types.DiagnosticTag.Unnecessary]
        if placed.related and self._client.knows_related_information:
            notes = served.notes.find_notes(list(placed.related))
            diagnostic.related_information = [
                types.DiagnosticRelatedInformation(answers.to_location(served, locate_title_roughly(served.notes, path)), note.name)
                for path, note in notes.items()
            ]
        return diagnostic

    def pull(
        self, params: types.DocumentDiagnosticParams
    ) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
        """Answer a client that asks for the problems of a document: unchanged if neither its text nor the notebook has changed since."""
        uri = params.text_document.uri
        found = self._all_served.find(uri)
        if not found:
            return types.RelatedFullDocumentDiagnosticReport([])
        served, path = found
        self._versions[uri] = served.notes.version
        is_quiet = uri in self._edits and monotonic() - self._edits[uri][0] < QUIET
        result = f"{served.document_versions.get(path)} {served.notes.version} {is_quiet}"
        if params.previous_result_id == result:
            return types.RelatedUnchangedDocumentDiagnosticReport(result)
        return types.RelatedFullDocumentDiagnosticReport(self.list_diagnostics(uri, served, path), result_id=result)
