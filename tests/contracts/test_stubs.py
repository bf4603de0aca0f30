"""Test that modules stubbed for Whoosh are loaded when they are needed, and are the real ones for everybody else."""

from __future__ import annotations

import subprocess
import sys
from hashlib import md5

import pytest

from zettel.adapters.fulltext.whoosh import STUBBED_MODULES


def run_in_new_python(lines: str) -> str:
    """Load Whoosh as zettel does in a new Python, run some lines, and return what they print."""
    program = f"import sys\nfrom zettel.adapters.fulltext import whoosh as engine\n{lines}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("name", STUBBED_MODULES)
def test_no_stub_remains_after_loading(name: str) -> None:
    """Whoever imports a stubbed module after Whoosh is loaded gets the module itself."""
    code = (
        f"print({name!r} in sys.modules)\nimport {name}\nprint(type(sys.modules[{name!r}]).__name__, sys.modules[{name!r}].__spec__.name)"
    )
    assert f"False\nmodule {name}" == run_in_new_python(code)


@pytest.mark.parametrize(
    ("code", "expected"),
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
def test_a_stubbed_function_does_the_real_work(code: str, expected: str) -> None:
    """A function of a stubbed module returns what the real one does, and loads its module only then."""
    assert expected == run_in_new_python(code)


def test_a_loaded_module_is_not_stubbed() -> None:
    """If one of the modules was loaded before, Whoosh gets that one."""
    program = "import shutil, sys\nfrom zettel.adapters.fulltext import whoosh as engine\nfrom whoosh.filedb.compound import copyfileobj\nprint(copyfileobj is shutil.copyfileobj)"
    assert "True" == subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
