"""Test that no bytes in notes, queries, settings, pages or lists cause a traceback or a loss, or leave a note out silently."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from time import monotonic

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.attacks import Figures
from tests.attacks.lab.fuzz_targets import TARGETS, Target
from tests.attacks.lab.fuzz_targets.tokens import SEPARATOR
from tests.conftest import ROOT

EXAMPLES: dict[str, tuple[bytes, ...]] = {
    "notes": (b"[[1]]([](d))",),
    "file-names": (b"U,,",),
    "notebooks": (b"\xff", b".hidden\xff# Hidden", b"dir/.hidden\xff", b"._a\xff\x00"),
    "dates": (b"monday", b"yesterday", b"last week", b"last year", b"9999-12-31\xff", b"dec 9999"),
    "settings": (
        b"search.limit = " + b"9" * 5000,
        b"search.limit = 0x" + b"F" * 5000,
        b"search.limit = 99999999999999999999",
        b"ignore=" + b"[" * 3000,
        b"ignore=[" + b"9" * 5000 + b"]",
        b".".join([b"a"] * 1100) + b" = 1",
    ),
    "front-matter": (b".".join([b"a"] * 1100) + b" = 1", b"a: &a [*a]", b"a = " + b"9" * 5000),
    "tags": (b"x\xffy\xff+++\ntags=['x']\n" + b".".join([b"a"] * 1100) + b" = 1\n+++\n",),
    "templates": (b"+++\n" + b".".join([b"a"] * 1100) + b" = 1\n+++\n\xffT",),
    "texts": (b"idna\xff\x80", b"undefined\xffx", b"punycode\xff\x80"),
    "pages": (
        b"<pre>\xf6",
        b"<meta charset=idna>\xff",
        b"<meta charset=undefined>\xff",
        b"<meta name=author content='",
        b"<p zettel-marked=1>x",
        b"<p class=MsoListParagraph>\xc2\xb7 a\x0cb",
        b"<base href='http://['><a href=x>y",
    ),
}
"""Inputs that once broke a promise."""

SHORT = {"command-lines": 15, "renames": 25, "queries": 40, "texts": 50, "notebooks": 40, "journals": 40, "lists": 40, "drawings": 40}
"""Examples in the short form for targets that are slow. The others have a hundred."""


def build_inputs(target: Target) -> st.SearchStrategy[bytes]:
    """Build a strategy for bytes: any bytes, any text, and mixtures of the words that matter, in as many parts as the target takes."""
    words = st.sampled_from([word.encode("utf-8", "surrogateescape") for word in target.words])
    mixed = st.lists(st.one_of(words, words, words, st.text(max_size=4).map(str.encode), st.binary(max_size=2)), max_size=20).map(b"".join)
    part = st.one_of(mixed, mixed, mixed, words, st.text(max_size=40).map(str.encode), st.binary(max_size=40))
    return part if target.parts == 1 else st.lists(part, min_size=1, max_size=target.parts).map(SEPARATOR.join)


def fuzz_target(name: str, examples: int) -> None:
    """Try so many inputs of Hypothesis on a target."""
    target = TARGETS[name]

    @settings(max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(build_inputs(target))
    def check(data: bytes) -> None:
        target.check(data)

    check()


@pytest.mark.parametrize("name", TARGETS)
def test_targets_keep_their_promises(name: str) -> None:
    """A target keeps its promise whatever bytes it gets."""
    fuzz_target(name, SHORT.get(name, 100))


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, examples in EXAMPLES.items() for data in examples])
def test_earlier_failures_stay_fixed(name: str, data: bytes) -> None:
    """An input that once broke a promise no longer does."""
    TARGETS[name].check(data)


def long_form(minutes: float) -> Iterator[Figures]:
    """Fuzz each target for its share of the minutes, with the coverage-guided fuzzer if it is installed, else with Hypothesis."""
    each = minutes / len(TARGETS)
    if importlib.util.find_spec("atheris"):
        for name in TARGETS:
            yield run_guided(name, each)
    else:
        for name in TARGETS:
            yield run_unguided(name, each)


def run_guided(name: str, minutes: float) -> Figures:
    """Fuzz a target with the coverage-guided fuzzer, in a process of its own."""
    words = [sys.executable, "-m", "tests.attacks.lab.fuzzer", name, "--minutes", str(minutes), "--figures"]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    tried, lost, remark = done.stdout.rstrip("\n").rpartition("\n")[2].split("\t")
    return Figures(f"fuzzing of {name}", int(tried), int(lost), remark)


def run_unguided(name: str, minutes: float) -> Figures:
    """Fuzz a target with Hypothesis, which does not know what is covered, with new inputs every time."""
    target, end = TARGETS[name], monotonic() + 60 * minutes
    tried: list[bytes] = []
    lost: set[str] = set()

    @settings(max_examples=500, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(build_inputs(target))
    def check(data: bytes) -> None:
        tried.append(data)
        target.check(data)

    while monotonic() < end:
        try:
            check()
        except Exception as error:  # noqa: BLE001 - any error is a broken promise
            lost.add(repr(error)[:200])
    return Figures(
        f"fuzzing of {name}", len(tried), len(lost), "by Hypothesis: atheris is not installed" + "".join(f"; {one}" for one in sorted(lost))
    )
