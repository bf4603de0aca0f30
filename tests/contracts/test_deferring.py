"""What Whoosh loads for nothing is loaded when it is needed, and is the real thing for everybody else."""

from __future__ import annotations

import subprocess
import sys
from hashlib import md5

import pytest

from zettel.adapters.fulltext.whoosh import STUBBED_MODULES


def in_a_new_python(lines: str) -> str:
    """What a program prints that has loaded Whoosh the way zettel does."""
    program = f"import sys\nfrom zettel.adapters.fulltext import whoosh as engine\n{lines}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("name", STUBBED_MODULES)
def test_nothing_stands_for_a_module_afterwards(name: str) -> None:
    """Whoever asks for the module once Whoosh is loaded gets the module itself."""
    said = (
        f"print({name!r} in sys.modules)\nimport {name}\nprint(type(sys.modules[{name!r}]).__name__, sys.modules[{name!r}].__spec__.name)"
    )
    assert f"False\nmodule {name}" == in_a_new_python(said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "from whoosh.query.terms import variations\nprint('trusting' in variations('trust'), 'whoosh.lang.morph_en' in sys.modules)",
            "True True",
        ),
        (
            "from whoosh.filedb.filetables import md5_hash\nprint(md5_hash(b'trust'), 'hashlib' in sys.modules)",
            f"{int(md5(b'trust', usedforsecurity=False).hexdigest(), 16) & 0xFFFFFFFF} False",
        ),
        ("from whoosh.highlight import htmlescape\nprint(htmlescape('a<b'), 'html' in sys.modules)", "a&lt;b True"),
        (
            "from whoosh.util.times import calendar\nprint(calendar.monthrange(2024, 2)[1], type(sys.modules['calendar']).__name__)",
            "29 module",
        ),
        ("from whoosh.util import random_name\nprint(len(random_name(8)))", "8"),
    ],
)
def test_what_whoosh_calls_is_the_real_thing(said: str, expected: str) -> None:
    """A function of a module that was put off does what it does, and loads it only then."""
    assert expected == in_a_new_python(said)


def test_a_module_that_is_loaded_already_is_left_alone() -> None:
    """Where somebody has loaded one of the modules before, Whoosh has that one."""
    program = "import shutil, sys\nfrom zettel.adapters.fulltext import whoosh as engine\nfrom whoosh.filedb.compound import copyfileobj\nprint(copyfileobj is shutil.copyfileobj)"
    assert "True" == subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
