"""zettel: a personal Zettelkasten for the command line, for leadership notes.

As a library, `zettel.open(folder)` gives a `Notebook` (see `zettel.api`). Importing the package
itself imports nothing: `zettel.open` and `zettel.Notebook` are fetched when they are first used.
"""

__version__ = "0.1.0"
__all__ = ["Notebook", "__version__", "open"]


def __getattr__(name: str) -> object:
    """Fetch the Python API on first use, so that the command line does not pay for it."""
    if name in ("Notebook", "open"):
        from zettel import api

        return getattr(api, name)
    raise AttributeError(f"module 'zettel' has no attribute {name!r}")
