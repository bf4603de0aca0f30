"""Tell a client that asks for it what is wrong with all notes, as they are saved: in slices, and again only when something has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from zlib import crc32

from lsprotocol import types

from zettel.adapters.fs.files import decode_bytes
from zettel.lsp.diagnostics import build_diagnostic
from zettel.lsp.served_notebooks import ServedNotebook, ServedNotebooks
from zettel.model.base.value import NamedTuple
from zettel.model.check.registry import CHECKS
from zettel.model.editor.editor_text import EditorText, TextSpan
from zettel.services.editor.notebook_findings import HIDDEN_CHECKS, NOTEBOOK_CHECKS, FindingRecord

SLICE = 100
"""How many documents are reported at a time."""

SLICE_SECONDS = 0.02
"""How long one slice takes at most before messages are looked at again."""

ALL_CHECKS = frozenset(check.code for check in CHECKS if check.code not in HIDDEN_CHECKS)

Report = types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport


class _Request(NamedTuple):
    """A request that is not answered yet: its ID, what the client knows by URI, and where it wants slices of the answer, if anywhere."""

    number: object
    known: Mapping[str, str]
    token: object


class WorkspaceDiagnostics:
    """The requests for the problems of all notes. One is answered when they are known, and if the client knows them already, when they change.

    `answer` sends the response to a request, and `send_part` a slice of one. `refuse_cancelled` answers a request that the client has cancelled, and
    returns whether it has.
    """

    def __init__(
        self,
        all_served: ServedNotebooks,
        answer: Callable[[object, list[Report]], None],
        send_part: Callable[[object, list[Report]], None],
        refuse_cancelled: Callable[[object], bool],
    ) -> None:
        self._all_served = all_served
        self._answer, self._send_part, self._refuse_cancelled = answer, send_part, refuse_cancelled
        self._requests: list[_Request] = []
        self._reports: Iterator[Report] | None = None
        self._part: list[Report] = []
        self._answered: _Request | None = None
        self._seen: tuple[int, ...] | None = None
        self._is_wanted = False

    def hold(self, number: object, params: types.WorkspaceDiagnosticParams) -> None:
        """Take a request, which is answered later."""
        self._is_wanted = True
        known = {one.uri: one.value for one in params.previous_result_ids}
        self._requests.append(_Request(number, known, params.partial_result_token))

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being put together."""
        return self._reports is not None

    @property
    def codes(self) -> frozenset[str]:
        """The checks of all notes that are wanted."""
        return ALL_CHECKS if self._is_wanted else frozenset(NOTEBOOK_CHECKS)

    def work(self) -> None:
        """Answer the first request a little further, if what it asks for is known."""
        self._requests = [one for one in self._requests if not self._refuse_cancelled(one.number)]
        request = self._requests[0] if self._requests else None
        if request is not self._answered:
            self._reports, self._part, self._answered, self._seen = None, [], request, None
        if request is None:
            return
        if self._reports is None:
            served = [one for one in self._all_served.notebooks.values() if one.session]
            numbers = tuple(one.findings_number for one in served)
            if numbers == self._seen or not all(one.is_checked(ALL_CHECKS) for one in served):
                return
            self._seen = numbers
            if request.known and not self._has_news(served, request):
                return
            self._reports = self._list_reports(served, request)
        end = monotonic() + SLICE_SECONDS
        for report in self._reports:
            self._part.append(report)
            if len(self._part) >= SLICE and request.token is not None:
                self._send_part(request.token, self._part)
                self._part = []
            if monotonic() > end:
                return
        if request.token is not None and self._part:
            self._send_part(request.token, self._part)
            self._part = []
        self._answer(request.number, self._part)
        self._requests.pop(0)
        self._reports, self._part = None, []

    def answer_all(self) -> None:
        """Answer every request with nothing new, because the server is shut down."""
        for request in self._requests:
            self._answer(request.number, [])
        self._requests = []

    def _has_news(self, served: list[ServedNotebook], request: _Request) -> bool:
        """Return whether anything differs from what the client knows."""
        now = {one.build_uri(path): _sign(records) for one in served for path, records in one.findings.items()}
        return now != {uri: sign for uri, sign in request.known.items() if sign}

    def _list_reports(self, served: list[ServedNotebook], request: _Request) -> Iterator[Report]:
        seen = set()
        for one in served:
            for path, records in list(one.findings.items()):
                uri, sign = one.build_uri(path), _sign(records)
                seen.add(uri)
                if request.known.get(uri) == sign:
                    yield types.WorkspaceUnchangedDocumentDiagnosticReport(uri, sign)
                else:
                    yield types.WorkspaceFullDocumentDiagnosticReport(uri, _place(one, path, records), result_id=sign)
        for uri, sign in request.known.items():
            if uri not in seen and sign:
                yield types.WorkspaceFullDocumentDiagnosticReport(uri, [], result_id="")


def _sign(records: list[FindingRecord]) -> str:
    """Return what differs between different problems of a note."""
    return f"{crc32(repr(records).encode()):x}-{len(records)}"


def _place(served: ServedNotebook, path: str, records: list[FindingRecord]) -> list[types.Diagnostic]:
    """Return the problems of a note, each from where it begins to the end of its line."""
    text = decode_bytes(served.notes.read_bytes(path) or b"")[0]
    document = EditorText(text, served.notes.encoding, hides_mark=True)
    found = []
    for record in records:
        line = min(record["line"], len(document.lines)) - 1
        words = document.get_line(line)
        start = document.build_place(line, min(record["col"] - 1, len(words)))
        found.append(build_diagnostic(record, TextSpan(start, document.build_place(line, len(words)))))
    return found
