"""Run the coverage-guided fuzzer (atheris, libFuzzer for Python): `python -m tests.attacks.lab.fuzzer TARGET|all --minutes 10`.

It grows inputs from a dictionary and the starter notes towards parts of zettel that no input has reached yet. It reports each way in which
a promise is broken once, with the smallest input found. That input goes into `EXAMPLES` of `test_fuzz`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT

STATUS = re.compile(r"#(?P<runs>[0-9]+)\s+(?:\S+)\s+cov: (?P<edges>[0-9]+) ft: (?P<features>[0-9]+)")
MAX_INPUT_BYTES = 2000
"""The largest number of bytes of an input."""


def main() -> int:
    """Fuzz one target, or all of them one after the other. Returns 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.lab.fuzzer", description=__doc__)
    parser.add_argument("target", help="the name of a target, or all")
    parser.add_argument("--minutes", type=float, default=10, help="minutes for all targets together")
    parser.add_argument("--figures", action="store_true", help="print figures for tests.attacks, separated by tabs")
    parser.add_argument("--within", metavar="FOLDER", help=argparse.SUPPRESS)
    given = parser.parse_args()
    try:
        import atheris
    except ImportError:
        parser.exit(2, "atheris is not installed; type: pip install -e '.[fuzz]'\n")
    if given.within:
        _fuzz_in_process(atheris, given.target, Path(given.within), given.minutes)
    from tests.attacks.lab.fuzz_targets import TARGETS

    if given.target != "all" and given.target not in TARGETS:
        parser.error(f"there is no target {given.target}; there are {', '.join(TARGETS)}")
    names = list(TARGETS) if given.target == "all" else [given.target]
    broken = 0
    for name in names:
        runs, lost, remark = run_fuzzer(name, given.minutes / len(names))
        print(
            f"{runs}\t{lost}\t{remark}" if given.figures else f"{name}: {runs:,} executions, {lost} promises broken, {remark}", flush=True
        )
        broken += lost
    return int(broken > 0)


def run_fuzzer(name: str, minutes: float) -> tuple[int, int, str]:
    """Fuzz a target in a process of its own, and return the number of runs, the number of broken promises, and what was covered."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "tests.attacks.lab.fuzzer", name, "--minutes", str(minutes), "--within", folder]
        done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        output = done.stdout.decode("utf-8", "replace")
        reports = sorted((Path(folder) / "broken").glob("*"))
        for report in reports:
            sys.stderr.write(report.read_text("utf-8"))
        last = [*STATUS.finditer(output)]
        if not last or done.returncode:  # a crash of the interpreter itself is the worst failure
            sys.stderr.write(output[-3000:])
            return int(last[-1]["runs"]) if last else 0, len(reports) + 1, f"the fuzzer ended with exit code {done.returncode}"
        return int(last[-1]["runs"]), len(reports), f"{int(last[-1]['edges']):,} edges, {int(last[-1]['features']):,} features covered"


def _fuzz_in_process(atheris: object, name: str, folder: Path, minutes: float) -> None:
    """Fuzz a target for so many minutes. Never returns."""
    with atheris.instrument_imports(include=["zettel"]):  # type: ignore[attr-defined] # including what is imported while it runs
        from tests.attacks.lab.fuzz_targets import TARGETS

        target = TARGETS[name]
        (folder / "broken").mkdir()
        (folder / "corpus").mkdir()
        for at, seed in enumerate(target.seeds):
            (folder / "corpus" / str(at)).write_bytes(seed)
        (folder / "words").write_text("".join(f'"{_escape_word(word)}"\n' for word in target.words if word), "ascii")
        known: set[str] = set()

        def check_once(data: bytes) -> None:
            broken = find_failure(target.check, data)
            if broken and broken[0] not in known:
                known.add(broken[0])
                least = shrink_input(target.check, data, broken[0])
                (folder / "broken" / str(len(known))).write_text(f"{broken[1]}{name}: {least!r}\n\n", "utf-8", "replace")

        options = [
            f"-max_total_time={max(1, round(60 * minutes))}",
            f"-dict={folder / 'words'}",
            f"-max_len={MAX_INPUT_BYTES}",
            "-rss_limit_mb=0",
            "-timeout=60",
        ]
        atheris.Setup([sys.argv[0], *options, str(folder / "corpus")], check_once)  # type: ignore[attr-defined]
        atheris.Fuzz()  # type: ignore[attr-defined]


def _escape_word(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogateescape")[:60])


def find_failure(check: Callable[[bytes], None], data: bytes) -> tuple[str, str] | None:
    """Return where and how an input breaks a promise, in short and in full, or None."""
    try:
        check(data)
    except BaseException as error:  # a panic of a library in Rust is not an Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        frames = traceback.extract_tb(error.__traceback__)
        return (
            f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno} {frames[1].lineno if len(frames) > 1 else 0}",
            traceback.format_exc(),
        )
    return None


def shrink_input(check: Callable[[bytes], None], data: bytes, kind: str) -> bytes:
    """Return an input that breaks the promise in the same way, and no longer does if any byte is removed."""
    size = max(1, len(data) // 2)
    while True:
        at = 0
        while at < len(data):
            less = data[:at] + data[at + size :]
            broken = find_failure(check, less)
            if broken and broken[0] == kind:
                data = less
            else:
                at += size
        if size == 1:
            return data
        size //= 2


if __name__ == "__main__":
    sys.exit(main())
