"""zettel: a personal Zettelkasten for the command line, for leadership notes.

As a library, `zettel.open(folder)` returns a `Notebook` (see `zettel.api`). Importing the package imports nothing else:
`zettel.open` and `zettel.Notebook` are loaded on first use.
"""

__version__ = "0.1.0"
__all__ = ["Notebook", "__version__", "open"]


def __getattr__(name: str) -> object:
    """Import the Python API on first use, so that the command line does not pay for it."""
    if name in ("Notebook", "open"):
        from zettel import api

        return getattr(api, name)
    raise AttributeError(f"module 'zettel' has no attribute {name!r}")
