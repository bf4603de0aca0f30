"""Serve an editor: answer its messages one after the other, and bring notebooks up to date when it is idle."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable, Generator
from time import monotonic
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.exceptions import FeatureRequestError, JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method
from pygls.uris import from_fs_path

from zettel import __version__
from zettel.adapters.catalogue import schema
from zettel.adapters.log import Log
from zettel.lsp.actions import ActionHandlers
from zettel.lsp.client import Client
from zettel.lsp.commands import COMMANDS, SCHEME, CommandHandlers
from zettel.lsp.decorations import Decorations
from zettel.lsp.diagnostics import Diagnostics
from zettel.lsp.features import list_action_features, list_features
from zettel.lsp.inbox import EndOfInput, Inbox, Message, find_uri
from zettel.lsp.progress import Reporter
from zettel.lsp.renames import RenameHandlers
from zettel.lsp.served_notebooks import ServedNotebook, ServedNotebooks, find_file
from zettel.lsp.workspace_diagnostics import Report, WorkspaceDiagnostics
from zettel.model.base.errors import SettingsError, ZettelError
from zettel.model.base.progress import Cancelled
from zettel.model.editor.editor_text import ENCODINGS, EditorText, TextPlace
from zettel.model.settings.settings import SPECS, SettingValue, validate_setting
from zettel.model.text.inert import escape_unsafe
from zettel.session import Session

IDLE_SECONDS = 0.2
"""How long nothing must have come from the client before idle work is done."""

GC_THRESHOLDS = (10_000, 20, 20)
"""How often garbage is looked for while messages come. A process that answers one command makes too little of it to bother."""

CHECK_DELAY = 1.0
"""How long nothing must have come from the client before all notes are compared."""

POLL_SECONDS = 0.05
"""How long at most before it is seen what another process has found."""

ACTIVE_SECONDS = 30.0
"""How long after its last message a client counts as active. Only for an active client are files looked at that it does not watch."""

PROCESS_SECONDS = 3.0
"""How often it is checked whether the client's process still runs."""

REQUEST_FAILED, INVALID_REQUEST, PARSE_ERROR, INVALID_PARAMS = -32803, -32600, -32700, -32602
NOT_INITIALIZED, INTERNAL_ERROR, CANCELLED = -32002, -32603, -32800

WATCH = "zettel-files"
"""The ID under which the client is asked to watch files."""

SETTINGS = "zettel-settings"
"""The ID under which the client is asked to say when its settings change."""

NOTE_GLOBS = ("**/*.{md,markdown}", "**/.zettel/config.toml")


class Protocol(LanguageServerProtocol):
    """The protocol with documents of our own, and with nothing offered that the client did not declare."""

    _server: Server

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Choose the position encoding that suits us best, and declare what there is a handler for."""
        general = params.capabilities.general
        if general and general.position_encodings:
            offered = [getattr(one, "value", one) for one in general.position_encodings]
            general.position_encodings = [types.PositionEncodingKind(one) for one in ENCODINGS if one in offered]
        result: types.InitializeResult = yield from super().lsp_initialize(params)
        capabilities = result.capabilities
        capabilities.execute_command_provider = types.ExecuteCommandOptions(list(COMMANDS))
        capabilities.notebook_document_sync = None
        if capabilities.diagnostic_provider:
            capabilities.diagnostic_provider.workspace_diagnostics = True
        content = types.TextDocumentContentOptions([SCHEME.rstrip(":")]) if self._server.client.reads_content else None
        if capabilities.workspace:
            operations = capabilities.workspace.file_operations
            has_operations = operations and any(
                (operations.will_rename, operations.did_create, operations.did_delete, operations.did_rename)
            )
            capabilities.workspace.file_operations = operations if has_operations else None
            if not self._server.client.has_folders:
                capabilities.workspace.workspace_folders = None
            capabilities.workspace.text_document_content = content
            if not has_operations and not self._server.client.has_folders and not content:
                capabilities.workspace = None
        return result

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    def lsp_workspace__execute_command(self, params: types.ExecuteCommandParams) -> Any:
        """Carry out a command."""
        return self._server.execute_command(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take the text of a document."""
        self._server.open_document(params.text_document)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Edit a document."""
        self._server.change_document(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Forget a document."""
        self._server.close_document(params.text_document.uri)

    @lsp_method(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def lsp_workspace__did_change_workspace_folders(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        """Open the notebooks of folders that came, and close those of folders that went, unless a document in them is open."""
        for folder in params.event.removed:
            if file := find_file(folder.uri):
                self._server.all_served.close_folder(file)
        for folder in params.event.added:
            self._server.guard(self._server.open_folder, None, "opening the notebook")(folder.uri)


class Server(LanguageServer):
    """The server of one client."""

    protocol: Protocol

    def __init__(self, session: Session, log: Log, stdin: BinaryIO, stdout: BinaryIO) -> None:
        """Serve the client at the other end of `stdin` and `stdout`."""
        super().__init__("zettel", __version__, protocol_cls=Protocol, converter_factory=default_converter)
        self.session = session
        self.log = log
        self.inbox = Inbox(stdin)
        self.client: Client
        self.all_served: ServedNotebooks
        self.diagnostics: Diagnostics
        self.decorations: Decorations
        self.workspace_diagnostics: WorkspaceDiagnostics
        self.commands: CommandHandlers
        self._current: object = None
        self._last_message = self._last_check = monotonic()
        self._is_initialized = self._is_shut_down = self._has_garbage = False
        self._told: set[str] = set()
        self._asked = self._bars = 0
        self._created_bars: set[str] = set()
        self._converter = default_converter()  # type: ignore[no-untyped-call]
        self._awaited: dict[str, tuple[Callable[[Any], None], Callable[[], None] | None]] = {}
        self._writer = _Writer(stdout)
        self.protocol.set_writer(self._writer)
        self.register(types.INITIALIZE, self.initialize)
        self.register(types.INITIALIZED, self.start)

    # The main loop

    def serve(self) -> int:
        """Answer messages until the client is gone, and return the exit code."""
        self.inbox.start()
        while True:
            try:
                messages = self.inbox.take(self._measure_wait())
            except EndOfInput:
                return 0
            for message in messages:
                if message and message.get("method") == types.EXIT:
                    return 0 if self._is_shut_down else 1
                self._handle(message)
            if self._is_initialized:
                self._take_results()
            if self._writer.is_broken or (not messages and not self._work_when_idle()):
                return 0

    def stop_work(self) -> None:
        """End what other processes do for this one."""
        if self._is_initialized:
            self.all_served.stop()

    def _handle(self, message: Message | None) -> None:
        """Answer one message, whatever it is."""
        start = monotonic()
        self._last_message = start
        self._has_garbage = True
        if message is None:
            self._refuse(None, PARSE_ERROR, "this is not a message of the protocol")
            return
        number, method = message.get("id"), message.get("method")
        if method is None:
            self._take_response(number, message)
            return
        if number is not None and (refusal := self._find_refusal(number, str(method), message)):
            self._refuse(number, *refusal)
            return
        if not self._is_initialized and method != types.INITIALIZE:
            return
        if method == types.TEXT_DOCUMENT_COMPLETION and self.inbox.is_overtaken(message):
            self._send({"id": number, "result": {"isIncomplete": True, "items": []}})
            return
        if method == types.WORKSPACE_DIAGNOSTIC and number is not None and self.client.pulls_diagnostics:
            self._hold(number, message)
            return
        self._current = number
        if self._is_initialized and method != types.TEXT_DOCUMENT_DID_CLOSE and (uri := find_uri(message)):
            self.all_served.active = str(uri)
        try:
            structured = self.protocol.structure_message(message)
        except Exception:  # noqa: BLE001 - whatever a client may send
            if number is not None:
                self._refuse(number, INVALID_PARAMS, f"the parameters of {method} are not what the protocol says")
            self.log.complain(f"{method} has parameters that are not what the protocol says")
            return
        try:
            self.protocol.handle_message(structured)
        finally:
            self.inbox.forget(number)
            self._current = None
        self.log.write(f"{method} {1000 * (monotonic() - start):.1f} ms")

    def _find_refusal(self, number: object, method: str, message: Message) -> tuple[int, str] | None:
        """Return code and words of the error for a request that is not to be answered, or None."""
        if method == types.INITIALIZE:
            return (INVALID_REQUEST, "the server is initialized already") if self._is_initialized else None
        if not self._is_initialized:
            return NOT_INITIALIZED, "the server is not initialized yet"
        if self._is_shut_down:
            return INVALID_REQUEST, "the server is shut down"
        if self.inbox.is_cancelled(number):
            self.inbox.forget(number)
            return CANCELLED, "cancelled"
        if method == types.SHUTDOWN:
            self._is_shut_down = True
            self.workspace_diagnostics.answer_all()
        return None

    # Problems of all notes, which are answered later

    def _hold(self, number: object, message: Message) -> None:
        try:
            params = self.protocol.structure_message(message).params
        except Exception:  # noqa: BLE001 - whatever a client may send
            self._refuse(number, INVALID_PARAMS, f"the parameters of {types.WORKSPACE_DIAGNOSTIC} are not what the protocol says")
            return
        self.workspace_diagnostics.hold(number, params)

    def _answer_with_problems(self, number: object, reports: list[Report]) -> None:
        self._send({"id": number, "result": self._converter.unstructure(types.WorkspaceDiagnosticReport(reports))})

    def _send_problems(self, token: object, reports: list[Report]) -> None:
        self._send_part(token, types.WorkspaceDiagnosticReportPartialResult(reports))

    def _send_part(self, token: object, part: object) -> None:
        """Send a part of the answer to a request, under the token that came with the request."""
        self._send({"method": types.PROGRESS, "params": {"token": token, "value": self._converter.unstructure(part)}})

    def _refuse_cancelled(self, number: object) -> bool:
        """Answer a request as cancelled, if it is, and return whether it was."""
        if not self.inbox.is_cancelled(number):
            return False
        self.inbox.forget(number)
        self._refuse(number, CANCELLED, "cancelled")
        return True

    def _ask_client(
        self, method: str, params: Message | None, then: Callable[[Any], None] | None = None, otherwise: Callable[[], None] | None = None
    ) -> str:
        """Send a request to the client, and return its ID. `then` is called with the result when it comes, `otherwise` if an error comes."""
        self._asked += 1
        number = f"zettel-{self._asked}"
        if then:
            self._awaited[number] = then, otherwise
        self._send({"id": number, "method": method, "params": params})
        return number

    def _take_response(self, number: object, message: Message) -> None:
        then, otherwise = self._awaited.pop(number, (None, None)) if isinstance(number, str) else (None, None)
        has_failed = "result" not in message
        if (otherwise if has_failed else then) is not None:
            try:
                if has_failed and otherwise:
                    self.guard(otherwise, None, "taking an error", may_repeat=False)()
                elif then:
                    self.guard(then, None, "taking an answer", may_repeat=False)(message["result"])
            except JsonRpcException as error:
                self.log.complain(str(error))

    def _refuse(self, number: object, code: int, words: str) -> None:
        self._send({"id": number, "error": {"code": code, "message": words}})

    def _send(self, message: Message) -> None:
        import json

        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def _measure_wait(self) -> float:
        """Return for how many seconds the next message is waited for at most."""
        if not self._is_initialized:
            return IDLE_SECONDS
        if self.workspace_diagnostics.is_busy:
            return 0.0
        return self.diagnostics.measure_wait(POLL_SECONDS if self.all_served.is_working else IDLE_SECONDS)

    def _take_results(self) -> None:
        """Take what other processes have found, and answer what has waited for it."""
        try:
            self.guard(self.all_served.poll_tasks, None, "reading notes")()
            if not self._is_shut_down:
                self.guard(self.workspace_diagnostics.work, None, "looking for problems")()
        except JsonRpcException as error:
            self.log.complain(str(error))

    def _work_when_idle(self) -> bool:
        """Look at files that may have changed, and return whether the client still runs."""
        now = monotonic()
        if self._is_initialized and not self._is_shut_down:
            try:
                self.guard(self.diagnostics.send_due, None, "looking for problems")()
                self.guard(self.decorations.refresh_if_changed, None, "looking for changes")()
            except JsonRpcException as error:
                self.log.complain(str(error))
        if now - self._last_message < IDLE_SECONDS:
            return True
        if self._is_initialized and not self._is_shut_down and now - self._last_message < ACTIVE_SECONDS:
            for served in self.all_served.notebooks.values():
                try:
                    self.guard(served.refresh_if_due, served)(is_watched=self.client.watches_files)
                except (ZettelError, JsonRpcException) as error:
                    self.log.complain(f"the notebook was not looked at: {error}")
        if now - self._last_message > CHECK_DELAY and not self._is_shut_down and self._is_initialized:
            self._check_notes()
            if self._has_garbage:
                self._has_garbage = False
                gc.collect()
        if now - self._last_check > PROCESS_SECONDS:
            self._last_check = now
            return self._is_client_running()
        return True

    def _check_notes(self) -> None:
        """Compare all notes of the notebooks in which a document is open, if anything has changed."""
        codes = self.workspace_diagnostics.codes
        for served in self.all_served.notebooks.values():
            if served.notes.texts or len(codes) > 1:
                try:
                    self.guard(served.check_if_due, served, "comparing notes")(codes)
                except JsonRpcException as error:
                    self.log.complain(str(error))

    def _is_client_running(self) -> bool:
        if not self._is_initialized or self.client.process is None:
            return True
        try:
            os.kill(self.client.process, 0)
        except ProcessLookupError:
            return False
        except (OSError, OverflowError):
            pass  # it is another user's
        return True

    # Errors

    def register(self, method: str, handler: Callable[[Any], Any], options: object = None) -> None:
        """Answer a method with a handler, none of whose exceptions ends the server."""
        self.feature(method, options)(self.guard(handler, None, method))

    def guard(
        self, function: Callable[..., Any], served: ServedNotebook | None, what: str = "a look at the notes", *, may_repeat: bool = True
    ) -> Callable[..., Any]:
        """Return a function that raises only `JsonRpcException`, with one line for people. A catalogue that fails is replaced, once.

        The function is called again with the new one if it `may_repeat` what it does.
        """

        def run(*given: Any, **named: Any) -> Any:
            for is_last in (False, True) if may_repeat else (True,):
                try:
                    return function(*given, **named)
                except ZettelError as error:
                    hint = f"; {error.hint}" if error.hint else ""
                    raise JsonRpcException(escape_unsafe(f"{error.message}{hint}", keep="\n"), REQUEST_FAILED) from None
                except Cancelled:
                    raise JsonRpcException("cancelled", CANCELLED) from None
                except JsonRpcException:
                    raise
                except schema.Error as error:
                    self.log.complain_of_bug(what)
                    if is_last and may_repeat:
                        raise JsonRpcException("the catalogue of the notes cannot be used; see zettel doctor", REQUEST_FAILED) from None
                    self._replace_catalogues([served] if served else list(self.all_served.notebooks.values()), error)
                    if is_last:
                        raise JsonRpcException("the catalogue of the notes failed and was replaced; try again", REQUEST_FAILED) from None
                except Exception:  # noqa: BLE001 - a bug must not end the server
                    self.log.complain_of_bug(what)
                    raise JsonRpcException(
                        f"this is a bug in zettel: {what} failed; zettel lsp --log FILE says where", INTERNAL_ERROR
                    ) from None
            return None

        return run

    def _replace_catalogues(self, all_served: list[ServedNotebook], error: schema.Error) -> None:
        """Replace the catalogues of notebooks after an error. Raises `JsonRpcException` if that fails, too."""
        try:
            for served in all_served:
                served.replace_catalogue(error)
        except Cancelled:
            raise JsonRpcException("cancelled", CANCELLED) from None
        except Exception:  # noqa: BLE001 - a full disk must not end the server
            self.log.complain_of_bug("another catalogue")
            raise JsonRpcException("the catalogue of the notes cannot be used; see zettel doctor", REQUEST_FAILED) from None

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Write down an error that no request waits for."""
        if source is not FeatureRequestError:
            self.log.complain(f"{getattr(source, '__name__', source)}: {type(error).__name__}")

    def tell(self, words: str) -> None:
        """Show a line to the person."""
        self.window_show_message(types.ShowMessageParams(types.MessageType.Info, escape_unsafe(words)))

    def tell_once(self, words: str) -> None:
        """Show a line to the person, unless it was shown before."""
        if words not in self._told:
            self._told.add(words)
            self.tell(words)

    # Lifecycle

    def initialize(self, params: types.InitializeParams) -> None:
        """Note what the client can do, and register what there is to offer to it. Opens nothing."""
        self.client = Client(params)
        reporter = Reporter(self._create_progress, self._is_progress_created, self._send_progress, self._ensure_wanted)
        self.all_served = ServedNotebooks(self.session, self.client.encoding, reporter, self.tell, self.tell_once, self._watch_notebook)
        self.diagnostics = Diagnostics(
            self.client,
            self.all_served,
            self.text_document_publish_diagnostics,
            lambda: self._ask_client(types.WORKSPACE_DIAGNOSTIC_REFRESH, None),
        )
        self.workspace_diagnostics = WorkspaceDiagnostics(
            self.all_served, self._answer_with_problems, self._send_problems, self._refuse_cancelled
        )
        self.decorations = Decorations(self.client, self.all_served, lambda method: self._ask_client(method, None))
        renames = RenameHandlers(self.client, self.all_served, reporter, self.tell)
        actions = ActionHandlers(self.client, self.all_served)
        self.commands = CommandHandlers(self.client, self.all_served, actions, self.tell, self._ask_client)
        for name, handler, options in list_action_features(self.client, actions, self.commands):
            self.register(name, handler, options)
        for name, handler, options in list_features(
            self.client, self.all_served, self.diagnostics, renames, self.decorations, self.take_settings, self._send_part
        ):
            self.register(name, handler, options)
        self._is_initialized = True

    def start(self, _params: types.InitializedParams) -> None:
        """Ask the client to watch files and for its settings, and open the notebooks of its folders."""
        options = self.client.params.initialization_options
        if isinstance(options, dict) and isinstance(options.get("notebook"), str) and not self.all_served.named:
            self.all_served.named = options["notebook"]
        if isinstance(options, dict) and isinstance(options.get("settings"), dict):
            self.change_settings(options["settings"])
        if self.client.watches_files and not self.client.has_relative_patterns:
            self._watch([{"globPattern": glob} for glob in NOTE_GLOBS], WATCH)
        self.take_settings(None)
        if self.client.registers_configuration:
            registration = {"id": SETTINGS, "method": types.WORKSPACE_DID_CHANGE_CONFIGURATION, "registerOptions": {"section": "zettel"}}
            self._ask_client(types.CLIENT_REGISTER_CAPABILITY, {"registrations": [registration]})
        folders = self.client.params.workspace_folders or []
        uris = [folder.uri for folder in folders] or ([self.client.params.root_uri] if self.client.params.root_uri else [])
        self.guard(self._open_first, None, "opening the notebook")(uris)

    def _open_first(self, uris: list[str]) -> None:
        try:
            self.all_served.open_named()
        except ZettelError as error:
            self.tell_once(f"{error.message}; {error.hint}")
        for uri in uris:
            self.open_folder(uri)

    def open_folder(self, uri: str) -> None:
        """Open the notebook that a folder of the client is in, if it is in one."""
        folder = find_file(uri)
        if folder:
            try:
                self.all_served.open_folder(folder)
            except ZettelError as error:
                self.tell_once(f"{error.message}; {error.hint}")

    def open_document(self, document: types.TextDocumentItem) -> None:
        """Take the text of a document from the client."""
        self.guard(self.all_served.open_document, None, "opening the document")(document.uri, document.text, document.version)
        self.diagnostics.note_opened(document.uri)

    def close_document(self, uri: str) -> None:
        """Forget a document."""
        self.guard(self.all_served.close_document, None, "closing the document")(uri)
        self.diagnostics.note_closed(uri)

    def change_document(self, params: types.DidChangeTextDocumentParams) -> None:
        """Edit a document that is open."""
        found = self.all_served.find(params.text_document.uri)
        if not found:
            return
        served, path = found
        document = served.notes.texts[path].document
        place: TextPlace | None = None
        for change in params.content_changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = change.range.start, change.range.end
                place = document.replace(TextPlace(start.line, start.character), TextPlace(end.line, end.character), change.text)
            else:
                document, place = EditorText(change.text, document.encoding), None
        served.notes.open(path, document)
        served.document_versions[path] = params.text_document.version
        self.diagnostics.note_edit(params.text_document.uri, place)

    def execute_command(self, params: types.ExecuteCommandParams) -> object:
        """Carry out a command of the client. One that changes notes is never carried out twice."""
        command = COMMANDS.get(params.command)
        return self.guard(self.commands.execute, None, params.command, may_repeat=not (command and command.writes))(params)

    def _watch_notebook(self, served: ServedNotebook) -> None:
        """Ask the client to watch the files of a notebook, which need not lie in one of its folders."""
        if self.client.watches_files and self.client.has_relative_patterns:
            root = from_fs_path(served.shown_root) or ""
            self._watch([{"globPattern": {"baseUri": root, "pattern": glob}} for glob in NOTE_GLOBS], f"{WATCH} {root}")

    def _watch(self, watchers: list[dict[str, object]], name: str) -> None:
        registration = {"id": name, "method": types.WORKSPACE_DID_CHANGE_WATCHED_FILES, "registerOptions": {"watchers": watchers}}
        self._ask_client(types.CLIENT_REGISTER_CAPABILITY, {"registrations": [registration]})

    # Settings

    def _take_configuration(self, answers: object) -> None:
        if isinstance(answers, list) and answers and isinstance(answers[0], dict):
            self.change_settings(answers[0])

    def take_settings(self, given: dict[str, object] | None) -> None:
        """Take settings of the client, or ask for them if it only says that they have changed."""
        if given is not None:
            self.change_settings(given)
        elif self.client.has_configuration:
            self._ask_client(types.WORKSPACE_CONFIGURATION, {"items": [{"section": "zettel"}]}, self._take_configuration)

    def change_settings(self, given: dict[str, object]) -> None:
        """Take settings of the client, nested or by their whole names. If one is wrong, says so and keeps what was."""
        settings: dict[str, SettingValue] = {}
        try:
            for name, item in _flatten(given):
                if name in SPECS and not SPECS[name].is_personal:
                    settings[name] = validate_setting(name, item, "the editor's settings")
        except SettingsError as error:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, escape_unsafe(f"{error.message}; {error.hint}")))
            return
        self.all_served.change_settings(settings)

    # Progress

    def _create_progress(self) -> tuple[str, str] | None:
        """Ask the client for a progress bar, and return its token and the ID of the request, or None if it cannot show one."""
        if not self.client.has_progress:
            return None
        self._bars += 1
        token = f"zettel-bar-{self._bars}"
        return token, self._ask_client(types.WINDOW_WORK_DONE_PROGRESS_CREATE, {"token": token}, lambda _: self._created_bars.add(token))

    def _is_progress_created(self, bar: tuple[str, str]) -> bool:
        if bar[0] in self._created_bars:
            return True
        answer = self.inbox.take_response(bar[1])
        return answer is not None and "error" not in answer

    def _send_progress(self, bar: tuple[str, str], kind: str, text: str, percentage: int) -> None:
        value: dict[str, object] = {"kind": kind}
        if kind == "begin":
            value |= {"title": text, "percentage": percentage, "cancellable": True}
        elif kind == "report":
            value |= {"message": text, "percentage": percentage}
        self._send({"method": types.PROGRESS, "params": {"token": bar[0], "value": value}})

    def _ensure_wanted(self, bar: tuple[str, str] | None) -> None:
        if (self._current is not None and self.inbox.is_cancelled(self._current)) or (bar and self.inbox.is_cancelled(bar[0])):
            raise Cancelled


class _Writer:
    """Writes messages to the client, until it `is_broken`: the client reads no more."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.is_broken = False

    def write(self, data: bytes) -> None:
        try:
            self._stream.write(data)
            self._stream.flush()
        except OSError:
            self.is_broken = True

    def close(self) -> None:
        self._stream.close()


def _flatten(given: dict[str, object], above: str = "") -> list[tuple[str, object]]:
    """Return settings by their whole names, `{"lsp": {"lens": true}}` as `lsp.lens`."""
    found: list[tuple[str, object]] = []
    for name, item in given.items():
        whole = f"{above}{name}"
        found += _flatten(item, f"{whole}.") if isinstance(item, dict) else [(whole, item)]
    return found


def serve(session: Session, log_file: str | None, stdin: BinaryIO, stdout: BinaryIO) -> int:
    """Serve the client at the other end of two streams, and return the exit code. Raises `Unreadable` if the log cannot be written."""
    for name in ("pygls", "asyncio", "concurrent.futures"):  # they write what clients send, which has the text of notes in it
        logging.getLogger(name).handlers = [logging.NullHandler()]
        logging.getLogger(name).propagate = False
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    gc.set_threshold(*GC_THRESHOLDS)
    log = Log(log_file)
    try:
        server = Server(session, log, stdin, stdout)
        try:
            return server.serve()
        finally:
            server.stop_work()
    finally:
        log.close()
