"""Measure how fast the language server answers. Run it with

    python -m tests.bench.lsp [--notes N ...]

It generates notebooks with a hub that 500 notes link to (a quarter of them in a small one), opens a note in a server as an editor does, and prints the
median and the 95th percentile of fifty answers, by the time from the request to the whole answer. Nobody else should use the machine meanwhile.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import notebooks
from tests.conftest import Runner
from tests.lsp.editor import Editor

SIZES = (1_000, 10_000)
ROUNDS = 50
HUB_LINKS = 500
TYPED = ("", "a", "th", "pla", "plan", "st", "trai", "ba", "pro", "trea dr")
"""What is typed behind `[[`, one after the other."""


def write_notebook(folder: Path, notes: int) -> list[str]:
    """Write a notebook with a hub, and return the paths of its notes, the hub first."""
    ids = notebooks.write(folder, notes)
    (folder / ".zettel").mkdir()
    paths = sorted(file.name for file in folder.glob("*.md"))
    for path in random.Random(notes).sample(paths[1:], min(HUB_LINKS, notes // 4)):
        with open(folder / path, "a", encoding="utf-8") as file:
            file.write(f"\nIt also needs [[{ids[0]}]] and time.\n")
    return paths


def measure(notes: int) -> None:
    """Measure one size, and print a row for each question."""
    with tempfile.TemporaryDirectory() as name:
        run = Runner(Path(name) / "notes", Path(name) / "home")
        paths = write_notebook(run.folder, notes)
        run.process("list")
        own, hub = paths[notes // 2], paths[0]
        editor = Editor(run, is_process=True)
        start = time.perf_counter()
        editor.connect("vscode")
        print(f"{notes:,} notes: started in {time.perf_counter() - start:.2f} s")
        editor.open(own)
        editor.open(hub)
        links = editor.ask("textDocument/documentLink", {"textDocument": {"uri": editor.uri(own)}})
        places = [(link["range"]["start"]["line"], link["range"]["start"]["character"] + 1) for link in links]
        sizes: list[int] = []

        def complete(number: int) -> None:
            editor.complete(own, f"[[{TYPED[number % len(TYPED)]}¦")
            sizes.append(editor.size)

        def complete_after_save(number: int) -> None:
            with open(run.folder / paths[number + 10], "a", encoding="utf-8") as file:
                file.write("\nMore.\n")
            editor.notify("textDocument/didSave", {"textDocument": {"uri": editor.uri(paths[number + 10])}})
            editor.complete(own, "[[pla¦")

        def ask_at_link(method: str) -> Callable[[int], None]:
            def ask(number: int) -> None:
                editor.change(own, "x" if number % 2 else "", (0, 0))
                editor.at(method, own, *places[number % len(places)])

            return ask

        print_row("completion", complete)
        print(f"  {'':32} {max(sizes):,} bytes at most")
        print_row("completion after a save elsewhere", complete_after_save)
        editor.change(own, (run.folder / own).read_text(encoding="utf-8"))
        for method in ("hover", "definition"):
            print_row(method, ask_at_link(method))
        found = editor.at("references", hub, 0, 0, context={"includeDeclaration": False})
        print_row(f"references ({len(found):,} found)", lambda _: editor.at("references", hub, 0, 0, context={"includeDeclaration": False}))
        title = editor.find(hub, "title: ") if "title: " in (run.folder / hub).read_text(encoding="utf-8") else (0, 4)
        line, character = title[0], title[1] + 8
        print_row("rename of that note", lambda number: editor.at("rename", hub, line, character, newName=f"Renamed {number}"), rounds=5)
        print_row("workspace symbols", lambda number: editor.ask("workspace/symbol", {"query": TYPED[3 + number % 5]}))
        print_row("document symbols", lambda _: editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": editor.uri(own)}}))
        print_row("change to diagnostics, less the pause", lambda number: wait_for_diagnostics(editor, own, number))
        print(f"  {'memory at most':32} {read_memory(editor):.0f} MB")
        editor.disconnect()


def wait_for_diagnostics(editor: Editor, path: str, number: int) -> float:
    """Change a document, and return how long its problems took after the pause that the server makes."""
    from zettel.lsp.diagnostics import PAUSE

    start = time.perf_counter()
    editor.change(path, "x" if number % 2 else "", (1, 0))
    while editor.read().get("method") != "textDocument/publishDiagnostics":
        pass
    return time.perf_counter() - start - PAUSE


def print_row(name: str, ask: Callable[[int], object], rounds: int = ROUNDS) -> None:
    """Ask a question many times, and print how long the answers took."""
    times = []
    for number in range(rounds):
        start = time.perf_counter()
        took = ask(number)
        times.append(took if isinstance(took, float) else time.perf_counter() - start)
    times.sort()
    print(f"  {name:32} {1000 * statistics.median(times):7.1f} ms, 95th {1000 * times[int(0.95 * rounds)]:7.1f} ms", flush=True)


def read_memory(editor: Editor) -> float:
    """Return how many megabytes the server has had at most, where the system says so."""
    assert editor._process
    status = Path(f"/proc/{editor._process.pid}/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def main() -> None:
    """Measure each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, nargs="+", default=SIZES)
    for notes in parser.parse_args().notes:
        measure(notes)


if __name__ == "__main__":
    main()
