"""The coverage-guided fuzzer (atheris, libFuzzer for Python): `python -m tests.attacks.lab.fuzzer TARGET|all --minutes 10`.

It grows inputs from a dictionary and the starter notes towards parts of zettel that none has reached yet. Each way in which a
promise is broken is said once, with the smallest input found for it, which goes into `EXAMPLES` of `test_fuzz`.
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
LONGEST = 2000
"""Bytes of an input at most."""


def main() -> int:
    """Run one target in this process's child, or all, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.lab.fuzzer", description=__doc__)
    parser.add_argument("target", help="the name of a target, or all")
    parser.add_argument("--minutes", type=float, default=10, help="for all targets together")
    parser.add_argument("--figures", action="store_true", help="print figures for tests.attacks, with tabs between")
    parser.add_argument("--within", metavar="FOLDER", help=argparse.SUPPRESS)
    given = parser.parse_args()
    try:
        import atheris
    except ImportError:
        parser.exit(2, "atheris is not installed; type: pip install -e '.[fuzz]'\n")
    if given.within:
        _fuzz(atheris, given.target, Path(given.within), given.minutes)
    from tests.attacks.lab.fuzzing import TARGETS

    if given.target != "all" and given.target not in TARGETS:
        parser.error(f"there is no target {given.target}; there are {', '.join(TARGETS)}")
    names = list(TARGETS) if given.target == "all" else [given.target]
    broken = 0
    for name in names:
        runs, lost, remark = fuzzed(name, given.minutes / len(names))
        print(
            f"{runs}\t{lost}\t{remark}" if given.figures else f"{name}: {runs:,} executions, {lost} promises broken, {remark}", flush=True
        )
        broken += lost
    return int(broken > 0)


def fuzzed(name: str, minutes: float) -> tuple[int, int, str]:
    """Fuzz a target in a process of its own; gives the executions, the ways in which promises were broken, and what was covered."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "tests.attacks.lab.fuzzer", name, "--minutes", str(minutes), "--within", folder]
        done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        said = done.stdout.decode("utf-8", "replace")
        told = sorted((Path(folder) / "broken").glob("*"))
        for one in told:
            sys.stderr.write(one.read_text("utf-8"))
        last = [*STATUS.finditer(said)]
        if not last or done.returncode:  # a crash of the interpreter itself is the gravest of all
            sys.stderr.write(said[-3000:])
            return int(last[-1]["runs"]) if last else 0, len(told) + 1, f"the fuzzer ended with exit code {done.returncode}"
        return int(last[-1]["runs"]), len(told), f"{int(last[-1]['edges']):,} edges, {int(last[-1]['features']):,} features covered"


def _fuzz(atheris: object, name: str, folder: Path, minutes: float) -> None:
    """Fuzz a target for so long; never returns."""
    with atheris.instrument_imports(include=["zettel"]):  # type: ignore[attr-defined] # what is imported while it runs, too
        from tests.attacks.lab.fuzzing import TARGETS

        target = TARGETS[name]
        (folder / "broken").mkdir()
        (folder / "corpus").mkdir()
        for at, seed in enumerate(target.seeds):
            (folder / "corpus" / str(at)).write_bytes(seed)
        (folder / "words").write_text("".join(f'"{_escaped(word)}"\n' for word in target.words if word), "ascii")
        known: set[str] = set()

        def once(data: bytes) -> None:
            broken = failure(target.check, data)
            if broken and broken[0] not in known:
                known.add(broken[0])
                least = smallest(target.check, data, broken[0])
                (folder / "broken" / str(len(known))).write_text(f"{broken[1]}{name}: {least!r}\n\n", "utf-8", "replace")

        options = [
            f"-max_total_time={max(1, round(60 * minutes))}",
            f"-dict={folder / 'words'}",
            f"-max_len={LONGEST}",
            "-rss_limit_mb=0",
            "-timeout=60",
        ]
        atheris.Setup([sys.argv[0], *options, str(folder / "corpus")], once)  # type: ignore[attr-defined]
        atheris.Fuzz()  # type: ignore[attr-defined]


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogateescape")[:60])


def failure(check: Callable[[bytes], None], data: bytes) -> tuple[str, str] | None:
    """Where and how a promise is broken by an input, in short and in full; None: it is not."""
    try:
        check(data)
    except BaseException as error:  # a panic of a library in Rust is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        frames = traceback.extract_tb(error.__traceback__)
        return (
            f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno} {frames[1].lineno if len(frames) > 1 else 0}",
            traceback.format_exc(),
        )
    return None


def smallest(check: Callable[[bytes], None], data: bytes, kind: str) -> bytes:
    """An input from which no byte can be taken without its breaking the promise in another way, or not at all."""
    size = max(1, len(data) // 2)
    while True:
        at = 0
        while at < len(data):
            less = data[:at] + data[at + size :]
            broken = failure(check, less)
            if broken and broken[0] == kind:
                data = less
            else:
                at += size
        if size == 1:
            return data
        size //= 2


if __name__ == "__main__":
    sys.exit(main())
