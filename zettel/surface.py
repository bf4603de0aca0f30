"""Every command, argument and option, on one page. Signatures and help; no logic.

The first docstring line of a command is its help. `zettel._surface` is a snapshot of this page, written by
`python -m zettel.snapshot`; a test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Literal, TypeVar

import typer

from zettel import __version__, run
from zettel.session import Globals

app = typer.Typer(
    help="A personal Zettelkasten for the command line: catch a thought, explore what hangs together, recall an idea.",
    epilog="NOTE is an ID or the beginning of one, a path, a title, an alias, or part of a title; - reads it from stdin.",
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

given = Globals()
"""The options before the command's name, as the callback found them."""

NoteName = Annotated[
    str, typer.Argument(metavar="NOTE", help="An ID or the beginning of one, a path, a title, an alias, or part of a title.")
]
Tags = Annotated[
    list[str],
    typer.Option(
        "--tag", "-t", metavar="TAG", help="With this tag or one nested below it; 'not x' without it; repeat for and, 'a|b' for or."
    ),
]
LinkedBy = Annotated[list[str], typer.Option("--linked-by", metavar="NOTE", help="That NOTE links to.")]
LinksTo = Annotated[list[str], typer.Option("--links-to", metavar="NOTE", help="That link to NOTE.")]
After = Annotated[
    str | None,
    typer.Option("--created-after", metavar="DATE", help="Created on DATE or later: 2024, 2024-05-03, 'last month', '3 weeks ago'."),
]
Before = Annotated[str | None, typer.Option("--created-before", metavar="DATE", help="Created before DATE.")]
Folder = Annotated[str | None, typer.Option("--in", "--folder", metavar="FOLDER", help="In this folder of the notebook, or below it.")]
OnlyFolder = Annotated[str | None, typer.Option("--folder", metavar="FOLDER", help="In this folder of the notebook, or below it.")]
Sort = Annotated[
    str | None,
    typer.Option(
        "--sort", metavar="FIELD", help="id, title, created, modified, path, words, links or backlinks; created- is newest first."
    ),
]
Limit = Annotated[int | None, typer.Option("--limit", "-n", metavar="N", help="At most N.")]
Format = Annotated[
    Literal["table", "plain", "json", "jsonl", "csv", "paths", "ids"] | None,
    typer.Option("--format", help="How the answer is written; on a terminal as a table, else plain."),
]
Json = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
Print0 = Annotated[bool, typer.Option("--print0", "-0", help="End lines with NUL (paths, if no format is named), for xargs -0.")]

F = TypeVar("F", bound=Callable[..., None])

COMMANDS: dict[str, Callable[..., None]] = {}
"""Every command's signature by its name."""


def command(function: F) -> F:
    """Register a command; calling it runs the module of its name in `zettel.commands`."""
    name = function.__name__.rstrip("_")

    @wraps(function)
    def perform(**options: object) -> int:
        return run.perform(name, options, given)

    app.command(name)(perform)
    COMMANDS[name] = function
    return function


def show_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        typer.echo(f"zettel {__version__}")
        raise typer.Exit


@app.callback()
def zettel(
    notebook: Annotated[
        str | None,
        typer.Option("--notebook", "-N", metavar="DIR", help="The notebook; else the nearest upwards, $ZETTEL_DIR, or your config's."),
    ] = None,
    config: Annotated[list[str], typer.Option("--config", "-c", metavar="KEY=VALUE", help="A setting for this call.")] = [],
    color: Annotated[
        Literal["auto", "always", "never"] | None, typer.Option("--color", help="Colours: on a terminal (auto), always, never.")
    ] = None,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=show_version, help="Show the version and exit.")] = False,
) -> None:
    """Take the options before the command's name."""
    global given
    given = Globals(notebook, tuple(config), color)


@command
def init(
    directory: Annotated[str | None, typer.Argument(metavar="DIR", help="The folder; this one, if none is named.")] = None,
    json: Json = False,
) -> None:
    """Make a folder a notebook.

    Notes that are there already stay as they are; run again, it changes nothing.
    """


@command
def new(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="The title. Text that is piped in becomes the body.")] = [],
    tag: Annotated[list[str], typer.Option("--tag", "-t", metavar="TAG", help="A tag; repeat for more.")] = [],
    body: Annotated[str | None, typer.Option("--body", "-b", metavar="TEXT", help="The body.")] = None,
    template: Annotated[
        str | None, typer.Option("--template", "-T", metavar="TEMPLATE", help="Make it from this template; see zettel templates.")
    ] = None,
    link_from: Annotated[
        str | None, typer.Option("--link-from", metavar="NOTE", help="Add a link to the new note at the end of NOTE.")
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", "-e", help="Open it in the editor.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Catch a thought: make a note and print its ID and path.

    Text that is piped in becomes the body. Without words and pipe, the editor opens.
    """


@command
def templates(format: Format = None, json: Json = False, print0: Print0 = False) -> None:
    """List the templates for new notes, and what each is for.

    They are the files in .zettel/templates, yours to change and add to.
    """


@command
def import_(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Text, Markdown or HTML, or folders of it; - is what is piped in.")
    ] = [],
    tag: Annotated[list[str], typer.Option("--tag", "-t", metavar="TAG", help="A further tag, beside source; repeat for more.")] = [],
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="The title, if the one found is not right.")] = None,
    author: Annotated[str | None, typer.Option("--author", metavar="NAME", help="The author, if the one found is not right.")] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="What the text is encoded in, if letters come out wrong.")
    ] = None,
    clean: Annotated[bool, typer.Option("--clean", help="Leave out all that looks like page furniture; --dry-run lists it.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep everything, and do not ask.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Import what was imported before once more.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, before and after.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Make notes of articles: text, Markdown or web pages.

    Broken characters are mended, styled letters made plain, and title, author, day and origin kept. What looks like page
    furniture is offered for removal; the files stay as they are.
    """


@command
def daily(
    append: Annotated[str | None, typer.Option("--append", "-a", metavar="TEXT", help="Add TEXT as a line, with the time.")] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="DATE", help="Another day: 2024-05-03, yesterday, monday.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Open today's note in the editor, made if need be.

    Its title is the day, 2024-05-03. Text that is piped in is added to it, as with --append. The template daily is used, if
    there is one. Without a terminal, its ID and path are printed.
    """


@command
def append(
    note: NoteName,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="What to add; without it, what is piped in.")] = [],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Add a paragraph at the end of a note."""


@command
def split(
    note: NoteName,
    headings: Annotated[
        list[str], typer.Argument(metavar="HEADING", help="Its words, part of them, or its number in the list; without one, the list.")
    ] = [],
    all: Annotated[bool, typer.Option("--all", help="Every heading directly below the title.")] = False,
    tag: Annotated[list[str], typer.Option("--tag", "-t", metavar="TAG", help="A tag for the new notes; repeat for more.")] = [],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Make a note of a heading; a link takes its place.

    What stands below the heading goes along, with the footnotes and link definitions it uses, and links to the heading follow it.
    The new note lies in the same folder and has the same tags.
    """


@command
def extract(
    note: NoteName,
    lines: Annotated[str, typer.Argument(metavar="LINES", help="Lines of its file, from 1: 12-18, or 12.")],
    title: Annotated[list[str], typer.Argument(metavar="TITLE", help="The new note's title; without one, the first words.")] = [],
    tag: Annotated[list[str], typer.Option("--tag", "-t", metavar="TAG", help="A tag for the new note; repeat for more.")] = [],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Make a note of some lines; a link takes their place."""


@command
def edit(note: NoteName) -> None:
    """Open a note in the editor."""


@command
def rename(
    note: NoteName,
    title: Annotated[list[str], typer.Argument(metavar="TITLE", help="Its new title.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Give a note another title; file name and links follow.

    Its ID stays. What links show follows where it was the old title; words of your own stay.
    """


@command
def move(
    note: NoteName,
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="A folder of the notebook, new or not; or a whole path, FOLDER/NAME.md.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Move a note to another folder; all links follow.

    Those to it, and its own: a relative path leads from the new folder to where it led.
    """


@command
def merge(
    note: NoteName,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The note that becomes a part of NOTE.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Make one note a part of another; links follow.

    Its text goes to the end of NOTE, under a heading of its title; its tags and aliases join those of NOTE. OTHER itself goes
    to .zettel/trash/.
    """


@command
def delete(
    notes: Annotated[list[str], typer.Argument(metavar="NOTE", help="Notes, each an ID or the beginning of one, a path, a title, ...")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Put notes into the trash, and say who links there.

    The trash is the notebook's folder .zettel/trash/.
    """


@command
def tag(
    action: Annotated[Literal["rename"], typer.Argument(metavar="rename", help="What to do.")],
    old: Annotated[str, typer.Argument(metavar="TAG", help="The tag; what is nested below it comes with it.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="What it is called from now on; a tag that is there already takes it in.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Rename a tag in every note, or merge it into another.

    In front matter and in prose, with what is nested below it: with lead/x for leader/x, too. Letter case does not count
    in what is looked for. A tag that starts with # needs quotes in most shells; it may be left out.
    """


@command
def undo(
    redo: Annotated[bool, typer.Option("--redo", help="Do again what was taken back last.")] = False,
    list: Annotated[bool, typer.Option("--list", "-l", help="List the changes that can be taken back, the last one first.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Take the last change back, byte for byte.

    Once more, and the one before goes, too. Refused if a file has changed since. The last 50 changes are kept, in .zettel/journal.
    """


@command
def check(
    note: Annotated[list[str], typer.Argument(metavar="NOTE", help="Only problems of these notes.")] = [],
    only: Annotated[list[str], typer.Option("--only", metavar="CODE", help="Only these checks; several with commas, or repeat.")] = [],
    ignore: Annotated[list[str], typer.Option("--ignore", metavar="CODE", help="Not these checks; several with commas, or repeat.")] = [],
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely, after showing how and asking.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what --fix would write.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="N", help="Show at most N problems.")] = None,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Find what is wrong: links, names, texts, tags.

    The exit code is 1 if any of it is an error.
    """


@command
def review(
    daily: Annotated[
        bool, typer.Option("--daily", help="A few notes to read again, and a pair that may belong together (the default).")
    ] = False,
    weekly: Annotated[bool, typer.Option("--weekly", help="More, with open questions, orphans, and decisions to look back on.")] = False,
    monthly: Annotated[bool, typer.Option("--monthly", help="As weekly, and more of each.")] = False,
    done: Annotated[list[str], typer.Option("--done", metavar="NOTE", help="NOTE was looked at; repeat for more.")] = [],
    later: Annotated[list[str], typer.Option("--later", metavar="NOTE", help="NOTE is to come again tomorrow; repeat for more.")] = [],
    only_list: Annotated[bool, typer.Option("--list", help="List them, on a terminal, too.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Show what to look at again today.

    On a terminal it goes through them, one key each: link, done, later. A note comes back the sooner the more it is linked, and
    the later the more often it was still true. What was looked at when is remembered in .zettel/reviewed.
    """


@command
def trust(
    revoke: Annotated[bool, typer.Option("--revoke", help="Do not trust this notebook any more.")] = False,
    list: Annotated[bool, typer.Option("--list", "-l", help="List the notebooks that are trusted.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Let this notebook's config name the editor and pager.

    It shows what would be started, and asks. Until then, and again as soon as the config changes or the notebook is moved or copied,
    only your own config and environment name programs.
    """


@command
def show(
    note: NoteName,
    links: Annotated[bool, typer.Option("--links", "-l", help="Add what surrounds it.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Show a note: rendered on a terminal, as it is when piped."""


@command
def list_(
    tag: Tags = [],
    linked_by: LinkedBy = [],
    links_to: LinksTo = [],
    created_after: After = None,
    created_before: Before = None,
    folder: Folder = None,
    sort: Sort = None,
    limit: Limit = None,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """List notes, newest first."""


@command
def links(
    note: NoteName,
    depth: Annotated[int, typer.Option("--depth", "-d", metavar="N", help="As far as N links away.")] = 1,
    out: Annotated[bool, typer.Option("--out", help="Outgoing links only.")] = False,
    back: Annotated[bool, typer.Option("--in", help="Backlinks only.")] = False,
    tag: Tags = [],
    linked_by: LinkedBy = [],
    links_to: LinksTo = [],
    created_after: After = None,
    created_before: Before = None,
    folder: OnlyFolder = None,
    sort: Sort = None,
    limit: Limit = None,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Explore what hangs together with a note, in both directions."""


@command
def backlinks(
    note: NoteName,
    tag: Tags = [],
    linked_by: LinkedBy = [],
    links_to: LinksTo = [],
    created_after: After = None,
    created_before: Before = None,
    folder: Folder = None,
    sort: Sort = None,
    limit: Limit = None,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Show which notes link to a note, and what they say of it."""


@command
def mentions(
    note: NoteName,
    out: Annotated[bool, typer.Option("--out", help="Only names that stand in NOTE.")] = False,
    back: Annotated[bool, typer.Option("--in", help="Only where NOTE is named.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="N", help="At most N notes.")] = None,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Find names of notes that stand in prose without a link.

    In NOTE and of NOTE, titles and aliases, in any form (decision, decisions). Notes that are linked with it already come last.
    """


@command
def related(
    note: NoteName,
    tag: Tags = [],
    linked_by: LinkedBy = [],
    links_to: LinksTo = [],
    created_after: After = None,
    created_before: Before = None,
    folder: Folder = None,
    sort: Sort = None,
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="N", help="At most N; 10, if not given.")] = None,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Show the notes most related to one, but not linked."""


@command
def suggest(
    note: Annotated[str | None, typer.Argument(metavar="NOTE", help="The note; without one, the notes with the fewest links.")] = None,
    apply: Annotated[
        list[str],
        typer.Option(
            "--apply", metavar="OTHER", help="Put the link to OTHER in place: numbers of the list (1,3), or a note; repeat for more."
        ),
    ] = [],
    dismiss: Annotated[
        list[str],
        typer.Option("--dismiss", metavar="OTHER", help="Never suggest OTHER again: numbers of the list, or a note; repeat for more."),
    ] = [],
    all: Annotated[bool, typer.Option("--all", help="Put all links of the list in place, after showing how and asking.")] = False,
    walk: Annotated[bool, typer.Option("--walk", "-w", help="Go through the suggestions, one key each.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="N", help="At most N suggestions; 10, if not given.")] = None,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Suggest links that are missing, and put them in place.

    Each with its reasons and the place where it would go: at words, behind a sentence, or in a list at the end. What is dismissed is remembered in .zettel/dismissed; delete a line
    there to have it suggested again.
    """


@command
def path(
    topics: Annotated[
        list[str],
        typer.Argument(metavar="A B", help="Topics, two or more: an ID, a title, an alias, a #tag, or words; or one text 'A vs B'."),
    ],
    paths: Annotated[int, typer.Option("--paths", "-k", metavar="N", help="So many paths, the best first.")] = 1,
    directed: Annotated[bool, typer.Option("--directed", help="Follow links forwards only.")] = False,
    max_hops: Annotated[int, typer.Option("--max-hops", metavar="N", help="At most N links long; 0 is as long as it takes.")] = 0,
    via: Annotated[list[str], typer.Option("--via", metavar="TOPIC", help="By way of a note of TOPIC; repeat for more, in order.")] = [],
    avoid: Annotated[list[str], typer.Option("--avoid", metavar="TOPIC", help="By no note of TOPIC; repeat for more.")] = [],
    save: Annotated[bool, typer.Option("--save", help="Write it as a new structure note that links every step.")] = False,
    format: Annotated[
        Literal["table", "plain", "json", "jsonl", "csv", "paths", "ids", "markdown", "mermaid", "dot"] | None,
        typer.Option("--format", help="How the answer is written; on a terminal as a table, else plain."),
    ] = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Show how one idea leads to another, sentence by sentence."""


@command
def gap(
    topics: Annotated[list[str], typer.Argument(metavar="A B", help="Two topics, as for path; or one text 'A vs B'.")],
    max_hops: Annotated[int, typer.Option("--max-hops", metavar="N", help="A note reaches the other topic within N hops, or not.")] = 2,
    directed: Annotated[bool, typer.Option("--directed", help="Follow links forwards only.")] = False,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Show which notes of one topic lead to another."""


@command
def search(
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS", help="Words, '\"a phrase\"', lead*, -not, OR, tag:x, title:x, created:2024.., since:'last month'."),
    ],
    tag: Tags = [],
    linked_by: LinkedBy = [],
    links_to: LinksTo = [],
    created_after: After = None,
    created_before: Before = None,
    folder: Folder = None,
    sort: Sort = None,
    limit: Limit = None,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Recall an idea: full-text search, with the best sentence."""


@command
def tags(format: Format = None, json: Json = False, print0: Print0 = False) -> None:
    """Show the tags as a tree, with counts."""


@command
def orphans(
    isolated: Annotated[bool, typer.Option("--isolated", help="Without links either way.")] = False,
    tag: Tags = [],
    linked_by: LinkedBy = [],
    links_to: LinksTo = [],
    created_after: After = None,
    created_before: Before = None,
    folder: Folder = None,
    sort: Sort = None,
    limit: Limit = None,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """List the notes that no other note links to."""


@command
def random(
    tag: Tags = [],
    linked_by: LinkedBy = [],
    links_to: LinksTo = [],
    created_after: After = None,
    created_before: Before = None,
    folder: Folder = None,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Show a note by chance."""


@command
def topics(
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="At most N of each kind.")] = 10,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """List the subjects: tags, structure notes, hubs, clusters."""


@command
def topic(
    topic: Annotated[
        list[str], typer.Argument(metavar="TOPIC", help="An ID, a title, an alias, a #tag, words, or a name that zettel topics shows.")
    ],
    limit: Limit = None,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """Show one subject in the order in which to read its notes."""


@command
def hubs(
    tag: Tags = [],
    linked_by: LinkedBy = [],
    links_to: LinksTo = [],
    created_after: After = None,
    created_before: Before = None,
    folder: Folder = None,
    sort: Sort = None,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="At most N.")] = 20,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """List the notes that most others link to."""


@command
def bridges(
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="At most N.")] = 20,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """List the notes whose loss would cut others off."""


@command
def clusters(
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="At most N.")] = 20,
    format: Format = None,
    json: Json = False,
    print0: Print0 = False,
) -> None:
    """List the groups of notes that hang together."""


@command
def stats(format: Format = None, json: Json = False, print0: Print0 = False) -> None:
    """Show the notebook in figures."""


@command
def graph(
    around: Annotated[str | None, typer.Option("--around", metavar="NOTE", help="Only the notes near NOTE.")] = None,
    depth: Annotated[int, typer.Option("--depth", "-d", metavar="N", help="As far as N links from --around.")] = 1,
    tag: Tags = [],
    linked_by: LinkedBy = [],
    links_to: LinksTo = [],
    created_after: After = None,
    created_before: Before = None,
    folder: Folder = None,
    sort: Sort = None,
    limit: Limit = None,
    format: Annotated[
        Literal["tree", "html", "json", "dot", "graphml", "mermaid"] | None,
        typer.Option(
            "--format", help="Drawn in lines (on a terminal), for a browser, for programs (else), Graphviz, graph tools, Markdown."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Draw the link graph, or write it for a browser or a program.

    On a terminal it is drawn around a note: above it what links to it, below it what it links to, at the right by number
    what else these notes link to or from. Else it is JSON. --format html > graph.html writes a page that opens offline in
    any browser.
    """


@command
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Forget everything first and read all notes again.")] = False,
    json: Json = False,
) -> None:
    """Bring catalogue and full-text index up to date.

    Every command does so by itself, as far as it needs them.
    """
