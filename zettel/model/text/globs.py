"""Match paths against globs of files and folders: `drafts/*`, `*.excalidraw.md`, `inbox`."""

from __future__ import annotations

from collections.abc import Callable


def build_matcher(globs: tuple[str, ...]) -> Callable[[str], bool]:
    """Return a function that tells whether any of `globs` matches a path. A glob without a slash also matches the path's last name."""
    wanted = [glob.strip("/").removesuffix("/**") for glob in globs]
    plain = {glob for glob in wanted if not any(char in glob for char in "*?[")}
    patterns = [glob for glob in wanted if glob not in plain]
    if patterns:
        from fnmatch import fnmatchcase

    def is_matched(path: str) -> bool:
        name = path.rpartition("/")[2]
        if path in plain or name in plain:
            return True
        return any(fnmatchcase(path, glob) or ("/" not in glob and fnmatchcase(name, glob)) for glob in patterns)

    return is_matched


def build_subtree_matcher(globs: tuple[str, ...]) -> Callable[[str], bool]:
    """Return a function that tells whether any of `globs` matches a path or one of its parent folders."""
    matched = build_matcher(globs)

    def is_covered(path: str) -> bool:
        parts = path.split("/")
        return any(matched("/".join(parts[:count])) for count in range(len(parts), 0, -1))

    return is_covered
