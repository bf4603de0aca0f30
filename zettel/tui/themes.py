"""Define the colours of the screen: a light and a dark theme, one that uses the terminal's own 16 colours, and one without colours."""

from __future__ import annotations

from functools import lru_cache

from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

from zettel.adapters.ansi import STYLES
from zettel.model.link.shown_link import NUMBER_SIGN
from zettel.session import Session
from zettel.views.browse_rows import ROW_TITLE

LIGHT, DARK, ANSI, COLOURLESS = "zettel-light", "zettel-dark", "zettel-ansi", "zettel-colourless"

PALETTES = {
    DARK: {
        "text": "#d7d9de",
        "page": "#15171c",
        "chosen": "#262a32",
        "rule": "#5c6475",
        "dim": "#939aa8",
        "cyan": "#79c0c9",
        "green": "#92c08a",
        "yellow": "#e6c46e",
        "magenta": "#c79fd8",
        "red": "#e58080",
        "blue": "#8aaae6",
    },
    LIGHT: {
        "text": "#26282d",
        "page": "#fcfbf8",
        "chosen": "#ebe9e5",
        "rule": "#959082",
        "dim": "#5f636b",
        "cyan": "#0b6b79",
        "green": "#37702f",
        "yellow": "#8c5800",
        "magenta": "#83399b",
        "red": "#ad2c28",
        "blue": "#2f55a4",
    },
}
"""The colours of the themes that have their own. A colour means what it means everywhere in zettel (`zettel.adapters.ansi.MEANINGS`)."""

COLOUR_WORDS = frozenset(("red", "green", "yellow", "blue", "magenta", "cyan"))

OWN_STYLES = {
    "rule": "dim",
    "mark": "magenta bold",
    "chosen": "bold",
    "chosen-link": "reverse",
    "letter": "bold yellow reverse",
    "caret": "reverse",
    "key": "bold",
}
"""The styles that only this screen has: rules between panes, the mark of the chosen row, the letters to jump to a link, the place in a line that is typed."""


def build_themes() -> list[Theme]:
    """Return the themes of the screen."""
    themes = [
        Theme(
            name=name,
            primary=colours["blue"],
            secondary=colours["cyan"],
            accent=colours["magenta"],
            warning=colours["yellow"],
            error=colours["red"],
            success=colours["green"],
            foreground=colours["text"],
            background=colours["page"],
            surface=colours["page"],
            panel=colours["chosen"],
            dark=name == DARK,
            variables=_build_scrollbar(colours["rule"], colours["page"], colours["dim"]),
        )
        for name, colours in PALETTES.items()
    ]
    plain = "ansi_default"
    terminals = [
        Theme(
            name=name,
            ansi=True,
            primary="ansi_blue",
            foreground=plain,
            background=plain,
            surface=plain,
            panel=plain,
            boost=plain,
            variables={
                **BUILTIN_THEMES["ansi-dark"].variables,
                **_build_scrollbar("ansi_bright_black", plain, "ansi_white"),
            },
        )
        for name in (ANSI, COLOURLESS)
    ]
    return [*themes, *terminals]


def _build_scrollbar(bar: str, page: str, hover: str) -> dict[str, str]:
    parts = {"scrollbar": bar, "scrollbar-hover": hover, "scrollbar-active": hover}
    grounds = dict.fromkeys(
        ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active", "scrollbar-corner-color"), page
    )
    return {**parts, **grounds}


@lru_cache(maxsize=2048)
def build_style(style: str, theme: str, *, is_chosen: bool = False) -> Style:
    """Return how a style of our lines looks in a theme, and in the chosen row of a list. A number that it has as the style of a link is ignored."""
    look = (OWN_STYLES | STYLES).get(style.partition(NUMBER_SIGN)[0], "")
    if style == ROW_TITLE and is_chosen:
        look = "bold"
    if theme == ANSI:
        return Style.parse(look)
    if theme == COLOURLESS:
        return Style.parse(" ".join(word for word in look.split() if word not in COLOUR_WORDS))
    palette = PALETTES[theme]
    words = look.split()
    colour = next((palette[word] for word in words if word in palette), palette["text"])
    if style == "rule":
        words, colour = [], palette["rule"]
    return Style(
        color=colour,
        bgcolor=palette["chosen" if is_chosen else "page"],
        bold="bold" in words,
        italic="italic" in words,
        underline="underline" in words,
        strike="strike" in words,
        reverse="reverse" in words,
    )


def choose_theme(session: Session) -> str:
    """Return the theme: what the setting says, else the one that suits the background and the number of colours of the terminal."""
    from zettel.adapters.terminal_background import find_background

    if not session.console.has_screen_colour:
        return COLOURLESS
    wanted = str(session.get_setting_or_default("theme"))
    if wanted != "auto":
        return f"zettel-{wanted}"
    environ = session.environ
    if environ.get("COLORTERM") not in ("truecolor", "24bit") and "256color" not in environ.get("TERM", ""):
        return ANSI
    return {"light": LIGHT, "dark": DARK}.get(find_background(environ), ANSI)
