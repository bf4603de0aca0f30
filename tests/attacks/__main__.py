"""Run the long forms and print their figures as a Markdown table, each row as soon as it is known. Exits with 1 if anything was lost."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from pathlib import Path

from tests.conftest import Runner
from tests.sampling import LONG

MODULES = [file.stem.removeprefix("test_") for file in sorted(Path(__file__).parent.glob("test_*.py"))]


def main() -> int:
    """Run the long forms that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(MODULES)}")
    parser.add_argument("--minutes", type=float, default=10, help="how long each may take, about, if it has no end of its own")
    given = parser.parse_args()
    unknown = set(given.names) - set(MODULES)
    if unknown:
        parser.error(f"there is no attack {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}")
    Runner.with_processes = True
    os.environ[LONG] = "1"
    lost = 0
    print("| attack | tried | lost | took | |\n|---|---:|---:|---:|---|", flush=True)
    for name in given.names or MODULES:
        long_form = getattr(importlib.import_module(f"tests.attacks.test_{name}"), "long_form", None)
        began = time.monotonic()
        for figures in long_form(given.minutes) if long_form else ():
            now = time.monotonic()
            print(f"| {figures.attack} | {figures.tried:,} | {figures.lost:,} | {now - began:,.0f} s | {figures.remark} |", flush=True)
            began = now
            lost += figures.lost
    return int(lost > 0)


if __name__ == "__main__":
    sys.exit(main())
