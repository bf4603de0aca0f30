"""Find out which shell runs, and install the completion of zettel for it."""

from __future__ import annotations

import os

from zettel.adapters import settings as config
from zettel.model.base.errors import Unreadable
from zettel.model.base.value import value

SHELLS = ("bash", "zsh", "fish")
"""The shells that zettel has a completion script for."""

SCRIPT_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "shell")
"""The folder of the scripts, of each kind one for each shell."""

LINE_MARK = "# zettel completion"
"""The comment at the end of the line that loads the script, by which it is found again."""

TYPER_MARKS = ("_TYPER_COMPLETE", "complete_bash")
"""The words by which a script of typer is recognised, which an earlier version installed."""

TYPER_MENU_LINE = "zstyle ':completion:*' menu select"
"""The line that typer's installation adds to `.zshrc`. It changes the completion of every command."""

MAX_ANCESTORS = 6
"""How many processes above this one may be the shell: a launcher or `sudo` may stand between them."""


@value
class Installation:
    """Where the completion for a shell is, and its `state`: `installed`, `outdated`, `old` (typer's script) or `missing`.

    `script` is the file that holds it, `startup` the shell's own file whose last line loads it, if the shell needs one. `old_scripts` are
    those that an earlier version installed.
    """

    shell: str
    script: str
    startup: str
    state: str
    old_scripts: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The line that loads the script when the shell starts."""
        return f"[ ! -r {_quote(self.script)} ] || . {_quote(self.script)} {LINE_MARK}"


def detect_shell(environ: dict[str, str]) -> str:
    """Return the name of the shell that started this process, or of the login shell if no parent is one, or an empty string."""
    process = os.getppid()
    for _ in range(MAX_ANCESTORS):
        name, process = _read_process(process)
        if name in SHELLS:
            return name
        if process <= 1:
            break
    name = os.path.basename(environ.get("SHELL", ""))
    return name if name in SHELLS else ""


def _read_process(process: int) -> tuple[str, int]:
    """Return (name, parent) of a process, ("", 0) if there is none."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:
            before, _, after = file.read().rpartition(")")
        return before.partition("(")[2].lstrip("-"), int(after.split()[1])
    except FileNotFoundError:  # macOS has no /proc
        return _ask_ps(process)
    except (OSError, ValueError, IndexError):
        return "", 0


def _ask_ps(process: int) -> tuple[str, int]:
    import subprocess

    try:
        done = subprocess.run(["ps", "-o", "ppid=,comm=", "-p", str(process)], capture_output=True, text=True, check=False, timeout=5)
        parent, _, command = done.stdout.strip().partition(" ")
        return os.path.basename(command.strip()).lstrip("-"), int(parent)
    except (OSError, ValueError, subprocess.SubprocessError):
        return "", 0


def read_script(shell: str, kind: str = "completion") -> str:
    """Return the script for a shell that completes command lines (`completion`) or binds keys (`keys`)."""
    with open(os.path.join(SCRIPT_FOLDER, f"{kind}.{shell}"), encoding="utf-8") as file:
        return file.read()


def find_installation(shell: str, environ: dict[str, str]) -> Installation:
    """Return where the completion for `shell` is or would be, and whether it is there. Writes nothing."""
    home = os.path.expanduser("~")
    data = config.locate_base_folder(environ, "XDG_DATA_HOME", os.path.join(".local", "share"))
    script = os.path.join(data, "zettel", f"completion.{shell}")
    if shell == "bash":
        startup, old = os.path.join(home, ".bashrc"), os.path.join(home, ".bash_completions", "zettel.sh")
    elif shell == "zsh":
        startup, old = os.path.join(environ.get("ZDOTDIR") or home, ".zshrc"), os.path.join(home, ".zfunc", "_zettel")
    else:
        script = os.path.join(config.locate_base_folder(environ, "XDG_CONFIG_HOME", ".config"), "fish", "completions", "zettel.fish")
        startup, old = "", script
    text = _read_text(script)
    old_scripts = (old,) if any(mark in _read_text(old) for mark in TYPER_MARKS) else ()
    is_loaded = not startup or LINE_MARK in _read_text(startup)
    if text == read_script(shell) and is_loaded:
        state = "installed"
    elif old_scripts:
        state = "old"
    else:
        state = "outdated" if text and is_loaded else "missing"
    return Installation(shell, script, startup, state, old_scripts)


def has_menu_line(found: Installation) -> bool:
    """Return whether the shell's own file has the line of typer that changes the completion of every command."""
    return TYPER_MENU_LINE in _read_text(found.startup) if found.startup else False


def install_completion(found: Installation) -> bool:
    """Write the script, also in place of one that an earlier version installed, and have the shell load it.

    Adds one line to the shell's own file, and only once; returns whether it did. Raises `Unreadable`.
    """
    path = found.script
    try:
        for path in dict.fromkeys((found.script, *found.old_scripts)):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(read_script(found.shell))
        if not found.startup:
            return False
        path = found.startup
        before = _read_text(path)
        if LINE_MARK in before:
            return False
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "a", encoding="utf-8") as file:  # appending keeps a symlink, the permissions and every byte
            file.write("\n" * (before[-1:] not in ("", "\n")) + found.line + "\n")
    except OSError as error:
        hint = (
            f"add this line to a file that {found.shell} reads: {found.line}"
            if path == found.startup
            else f"zettel --show-completion {found.shell}"
        )
        raise Unreadable(f"{path} cannot be written: {error.strerror}", hint) from None
    return True


def hide_home(text: str) -> str:
    """Return text in which paths below the home folder begin with `~`, for messages and reports."""
    import re

    home = os.path.expanduser("~").rstrip("/")
    return re.sub(rf"(?<![\w/.~-]){re.escape(home)}(?=[/\s]|$)", "~", text) if home else text


def _quote(path: str) -> str:
    """Return a path for a line of bash or zsh, below `$HOME` if it is there."""
    home = os.path.expanduser("~").rstrip("/")
    rest, start = (path[len(home) :], "$HOME") if home and path.startswith(home + "/") else (path, "")
    return f'"{start}' + "".join("\\" + char if char in '"$`\\' else char for char in rest) + '"'


def _read_text(path: str) -> str:
    """Return the text of a file, an empty one if it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
