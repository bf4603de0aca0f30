"""Declare the command line: the signature and help of every command, and no logic.

A command's docstring is what its page of help says, and its first line what the page begins with. `zettel.cli._snapshot` and `_help` are
snapshots of this module; `python -m zettel.cli.make_snapshot` writes them, and a test fails when they are stale.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Literal, TypeVar, get_type_hints

import typer

from zettel import __version__
from zettel.cli import run
from zettel.session import GlobalOptions

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

global_options = GlobalOptions()
"""The options before the command's name, set by the callback."""

MORE, WHICH, OUTPUT = "More options", "Which notes", "Output"
"""The sections of a help page, besides "Options"."""

OLD_SPELLINGS = ("--in",)
"""Spellings of options that still work and that help does not show."""

NoteArgument = Annotated[
    str,
    typer.Argument(metavar="NOTE", help="An ID, a title, part of a title, a path or @2 (zettel help notes); leave it out to pick one."),
]
NOTE_METAVARS = ("NOTE", "OTHER", "A B", "TOPIC")
"""The metavars of arguments and options that name notes."""

Limit = Annotated[int | None, typer.Option("--limit", "-n", metavar="N", help="At most N results.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.", rich_help_panel=OUTPUT)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


class DryRun:
    """The option of commands that change notes."""

    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False


class Pick:
    """The option of commands about a note."""

    pick_note: Annotated[bool, typer.Option("--pick", help="Pick the note from a list.", rich_help_panel=MORE)] = False


class PickTopic:
    """The option of commands about topics."""

    pick_note: Annotated[bool, typer.Option("--pick", help="Pick a note from a list as a topic.", rich_help_panel=MORE)] = False


class Conditions:
    """The options that choose notes."""

    tag: Annotated[
        list[str],
        typer.Option(
            "--tag",
            "-t",
            metavar="TAG",
            help="With this tag or one nested below it; 'not x' excludes it, 'a|b' is either; repeat for both.",
            rich_help_panel=WHICH,
        ),
    ] = []
    linked_by: Annotated[
        list[str], typer.Option("--linked-by", metavar="NOTE", help="Those that NOTE links to.", rich_help_panel=WHICH)
    ] = []
    links_to: Annotated[list[str], typer.Option("--links-to", metavar="NOTE", help="Those that link to NOTE.", rich_help_panel=WHICH)] = []
    created_after: Annotated[
        str | None,
        typer.Option(
            "--created-after",
            metavar="DATE",
            help="On DATE or later: 2024-05, 'last month', '3 weeks ago'.",
            rich_help_panel=WHICH,
        ),
    ] = None
    created_before: Annotated[str | None, typer.Option("--created-before", metavar="DATE", help="Before DATE.", rich_help_panel=WHICH)] = (
        None
    )
    folder: Annotated[
        str | None,
        typer.Option("--folder", "--in", metavar="FOLDER", help="In this folder of the notebook, or below it.", rich_help_panel=WHICH),
    ] = None


class Filters(Conditions):
    """The options that choose notes, sort them and limit their number."""

    sort: Annotated[
        str | None,
        typer.Option(
            "--sort", metavar="FIELD", help="By id, title, created, modified, path, words, links or backlinks; created- is newest first."
        ),
    ] = None
    limit: Limit = None


class Formats:
    """The options that choose the output format."""

    format: Annotated[
        Literal["table", "plain", "json", "jsonl", "csv", "paths", "ids"] | None,
        typer.Option("--format", metavar="FORMAT", help="By default table on a terminal, else plain.", rich_help_panel=OUTPUT),
    ] = None
    json: Json = False


class Output(Formats):
    """The options that choose the output format and how its lines end."""

    print0: Annotated[
        bool,
        typer.Option("--print0", "-0", help="End lines with NUL, for xargs -0; lists paths.", rich_help_panel=OUTPUT),
    ] = False


class RareOutput(Output):
    """The same options for commands that do not answer with a list: help shows only `--json`."""

    format: Annotated[
        Literal["table", "plain", "json", "jsonl", "csv", "paths", "ids"] | None,
        typer.Option("--format", metavar="FORMAT", help="How to answer.", rich_help_panel=OUTPUT, hidden=True),
    ] = None
    print0: Annotated[bool, typer.Option("--print0", "-0", help="End lines with NUL.", rich_help_panel=OUTPUT, hidden=True)] = False


F = TypeVar("F", bound=Callable[..., None])

COMMANDS: dict[str, Callable[..., None]] = {}
"""The signature of every command, keyed by name."""


def command(*shared: type) -> Callable[[F], F]:
    """Register a command that runs the module of the same name in `zettel.commands`, with the options that the classes `shared` declare."""

    def register(function: F) -> F:
        name = function.__name__.rstrip("_")
        _add_options(function, shared)

        @wraps(function)
        def run_command(**options: object) -> int:
            return run.run_command(name, options, global_options)

        app.command(name)(run_command)
        COMMANDS[name] = function
        return function

    return register


def _add_options(function: Callable[..., None], shared: tuple[type, ...]) -> None:
    """Add shared options to a signature, after its own. An own option that has the name of a shared one takes its place."""
    own = dict(signature(function, eval_str=True).parameters)
    added = [
        own.pop(name, Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=getattr(options, name), annotation=hint))
        for options in shared
        for name, hint in get_type_hints(options, include_extras=True).items()
    ]
    found = [*own.values(), *added]
    function.__signature__ = Signature(found)  # type: ignore[attr-defined]
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in found}


def show_version(is_wanted: bool) -> None:
    """Print the version and exit."""
    if is_wanted:
        typer.echo(f"zettel {__version__}")
        raise typer.Exit


def print_keys(shell: str | None) -> None:
    """Print the key binding of a shell and exit."""
    if shell:
        from zettel.adapters.shell import read_script

        typer.echo(read_script(shell, "keys"), nl=False)
        raise typer.Exit


@app.callback()
def zettel(
    notebook: Annotated[
        str | None,
        typer.Option(
            "--notebook",
            "-N",
            metavar="DIR",
            help="The notebook; by default the nearest parent folder that is one, $ZETTEL_DIR, or the one in your config.",
        ),
    ] = None,
    config: Annotated[list[str], typer.Option("--config", "-c", metavar="KEY=VALUE", help="Override a setting for this call.")] = [],
    color: Annotated[
        Literal["auto", "always", "never"] | None,
        typer.Option("--color", metavar="WHEN", help="Use colours: on a terminal (auto), always or never."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", "-V", is_eager=True, callback=show_version, help="Show the version and exit.")
    ] = False,
    show_keys: Annotated[
        Literal["bash", "zsh", "fish"] | None,
        typer.Option(
            "--show-keys",
            metavar="SHELL",
            is_eager=True,
            callback=print_keys,
            help="Show a key binding for a shell: Alt-Z inserts picked notes.",
        ),
    ] = None,
) -> None:
    """Store the options before the command's name in `global_options`."""
    global global_options
    global_options = GlobalOptions(notebook, tuple(config), color)


@command()
def init(
    directory: Annotated[str | None, typer.Argument(metavar="DIR", help="The folder; by default the current one.")] = None,
    json: Json = False,
) -> None:
    """Turn a folder into a notebook.

    Existing notes are not changed. Running it again changes nothing.
    """


@command(DryRun, RareOutput)
def new(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="The title; - reads the whole note from stdin.")] = [],
    tag: Annotated[list[str], typer.Option("--tag", "-t", metavar="TAG", help="A tag; repeat for more.")] = [],
    body: Annotated[str | None, typer.Option("--body", "-b", metavar="TEXT", help="The body; - reads it from stdin.")] = None,
    template: Annotated[
        str | None, typer.Option("--template", "-T", metavar="TEMPLATE", help="Use this template; see zettel templates.")
    ] = None,
    link_from: Annotated[
        str | None, typer.Option("--link-from", metavar="NOTE", help="Add a link to the new note at the end of the text of NOTE.")
    ] = None,
    id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Its ID, 12 or 14 digits; by default the current time.", rich_help_panel=MORE)
    ] = None,
    folder: Annotated[
        str | None, typer.Option("--folder", metavar="FOLDER", help="Its folder, from the notebook's root; ./ is the current folder.")
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="DATE", help="When it was written: 2024-05-03, yesterday, '2024-05-03 14:05'.", rich_help_panel=MORE
        ),
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", "-e", help="Open it in the editor.")] = False,
) -> None:
    """Capture a thought: create a note and print its ID and path.

    Without WORDS, piped text is the whole note: its first line is the title, and front matter of its own is kept. With WORDS, text
    from a file or a pipe is the body; inside a loop that reads it, too, only with --body -. Without words or piped text, the editor opens.
    """


@command(Output)
def templates() -> None:
    """List the templates for new notes, and what each is for.

    Templates are files in .zettel/templates; change them and add your own.
    """


@command(RareOutput)
def import_(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Texts, pages, mails or exports, or folders; - reads stdin.")] = [],
    tag: Annotated[list[str], typer.Option("--tag", "-t", metavar="TAG", help="A tag in addition to source; repeat for more.")] = [],
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="The title of a single article, whatever it says.")] = None,
    author: Annotated[str | None, typer.Option("--author", metavar="NAME", help="The author, whatever the texts say.")] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="When it was written: 2024-05-03, yesterday, '2024-05-03 14:05'.")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="TEXT", help="Where it is from: a web address, or any words.")] = None,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", metavar="NAME", help="The encoding of the text, if characters come out wrong.", rich_help_panel=MORE),
    ] = None,
    clean: Annotated[
        bool, typer.Option("--clean", help="Leave out everything that looks like page furniture; --dry-run lists it.")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep everything, and do not ask.", rich_help_panel=MORE)] = False,
    again: Annotated[bool, typer.Option("--again", help="Import articles again that were imported before.", rich_help_panel=MORE)] = False,
    file_choice: Annotated[
        Literal["copy", "leave"],
        typer.Option(
            "--files", metavar="WHAT", help="Copy the pictures and other files that the texts name, or leave them.", rich_help_panel=MORE
        ),
    ] = "copy",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, before and after.")] = False,
) -> None:
    """Import texts, web pages, mails and exports of other tools as notes.

    Repairs broken characters, replaces styled letters by plain ones, and keeps title, author, date and source. Offers to remove
    what looks like page furniture. The imported files are not changed.
    """


@command(DryRun, RareOutput)
def daily(
    append: Annotated[
        str | None, typer.Option("--append", "-a", metavar="TEXT", help="Add TEXT as a line, with the time; - reads it from stdin.")
    ] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="DATE", help="Another day: 2024-05-03, yesterday, monday.")] = None,
    folder: Annotated[
        str | None, typer.Option("--folder", metavar="FOLDER", help="The folder to create it in; by default the setting daily.folder.")
    ] = None,
    no_edit: Annotated[bool, typer.Option("--no-edit", help="Create it if needed, but do not open it.")] = False,
) -> None:
    """Open today's note in the editor, creating it if needed.

    Its title is the date, such as 2024-05-03. Piped text is added to it, as with --append; inside a loop
    that reads it, too, only with --append -. The template daily is used if it exists. Without a terminal, prints the note's ID and path.
    """


@command(Pick, DryRun, RareOutput)
def append(
    note: NoteArgument,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="The text to add; without it, or for -, piped text.")] = [],
) -> None:
    """Add a paragraph at the end of a note."""


@command(Pick, DryRun, RareOutput)
def split(
    note: NoteArgument,
    headings: Annotated[
        list[str],
        typer.Argument(metavar="HEADING", help="A heading, part of one, or its number in the list; without any, list the headings."),
    ] = [],
    all: Annotated[bool, typer.Option("--all", help="Every heading directly below the title.")] = False,
    tag: Annotated[list[str], typer.Option("--tag", "-t", metavar="TAG", help="A tag for the new notes; repeat for more.")] = [],
) -> None:
    """Turn a section into its own note; a link takes its place.

    Everything below the heading moves, with the footnotes and link definitions that it uses. Links to the heading follow it.
    The new note is in the same folder and has the same tags. NOTE#HEADING names the heading, too.
    """


@command(Pick, DryRun, RareOutput)
def extract(
    note: NoteArgument,
    lines: Annotated[str, typer.Argument(metavar="LINES", help="Line numbers in its file: 12-18, or 12.")],
    title: Annotated[list[str], typer.Argument(metavar="TITLE", help="The new note's title; by default its first words.")] = [],
    tag: Annotated[list[str], typer.Option("--tag", "-t", metavar="TAG", help="A tag for the new note; repeat for more.")] = [],
) -> None:
    """Turn some lines into a note; a link takes their place."""


@command(Pick)
def edit(note: NoteArgument) -> None:
    """Open a note in the editor."""


@command(Pick, DryRun, RareOutput)
def rename(
    note: NoteArgument,
    title: Annotated[list[str], typer.Argument(metavar="TITLE", help="Its new title.")],
) -> None:
    """Give a note another title; file name and links follow.

    Its ID stays. Link labels change if they were the old title; your own words stay. NOTE#HEADING renames a heading of the note, and
    every link to it.
    """


@command(Pick, DryRun, RareOutput)
def move(
    note: NoteArgument,
    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="A folder of the notebook, new or existing, or a full path, FOLDER/NAME.md.")
    ],
) -> None:
    """Move a note to another folder; all links follow.

    Links to it are rewritten, and so are its own relative links, so that all lead to the same notes as before.
    """


@command(Pick, DryRun, RareOutput)
def merge(
    note: NoteArgument,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The note to merge into NOTE.")],
    yes: Yes = False,
) -> None:
    """Merge one note into another; links follow.

    The text of OTHER goes to the end of NOTE, under its title as a heading. Its tags and aliases are added to those of NOTE.
    OTHER itself goes to .zettel/trash/.
    """


@command(Pick, DryRun, RareOutput)
def delete(
    notes: Annotated[
        list[str], typer.Argument(metavar="NOTE", help="Notes to delete, each an ID, a path, a title, ... (zettel help notes).")
    ],
    yes: Yes = False,
) -> None:
    """Move notes to the trash, and show what links to them.

    On a terminal, asks first if other notes link to them. The trash is the folder .zettel/trash/ of the notebook.
    """


@command(DryRun, RareOutput)
def tag(
    action: Annotated[Literal["rename"], typer.Argument(metavar="rename", help="What to do.")],
    old: Annotated[str, typer.Argument(metavar="TAG", help="The tag; tags nested below it are renamed, too.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its new name; if that tag exists already, the two are merged.")],
) -> None:
    """Rename a tag in every note, or merge it into another.

    Changes front matter and prose, including nested tags: with leader, leader/x is renamed, too. Ignores case when looking for
    the tag. A tag that starts with # needs quotes in most shells; the # can be left out.
    """


@command(DryRun, Output)
def restore(
    note: Annotated[str | None, typer.Argument(metavar="DELETED", help="A note in the trash: its ID, path or title.")] = None,
) -> None:
    """Bring a note back from the trash, or list what is in it.

    The note returns to where it was, so links lead to it again. Without DELETED, lists the notes in the trash, those deleted last first. The trash is the folder .zettel/trash/ of the notebook.
    """


@command(DryRun, RareOutput)
def undo(
    redo: Annotated[bool, typer.Option("--redo", help="Redo what was undone last.")] = False,
    list: Annotated[bool, typer.Option("--list", "-l", help="List the changes that can be undone, latest first.")] = False,
    yes: Yes = False,
) -> None:
    """Undo the last change, byte for byte.

    Changes are those of notes, dismissed suggestions and answers to review. Run it again to undo the change before that. On a
    terminal, asks first if the last change changed no note. It refuses if a file has changed since. The last 200 changes are kept
    in .zettel/journal.
    """


@command(Pick, Output)
def check(
    note: Annotated[list[str], typer.Argument(metavar="NOTE", help="Only problems of these notes.")] = [],
    only: Annotated[
        list[str], typer.Option("--only", metavar="CODE", help="Only these checks; separate several with commas, or repeat.")
    ] = [],
    ignore: Annotated[
        list[str], typer.Option("--ignore", metavar="CODE", help="Not these checks; separate several with commas, or repeat.")
    ] = [],
    fix: Annotated[bool, typer.Option("--fix", help="Repair what can be repaired safely, after showing how and asking.")] = False,
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what --fix would write.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="N", help="Show at most N problems.")] = None,
) -> None:
    """Find problems in links, names, texts and tags.

    The exit code is 1 if any problem is an error.
    """


@command(Output)
def review(
    daily: Annotated[
        bool, typer.Option("--daily", help="A few notes to read again, and a pair that may belong together (the default).")
    ] = False,
    weekly: Annotated[bool, typer.Option("--weekly", help="More, with open questions, orphans, and decisions to look back on.")] = False,
    monthly: Annotated[bool, typer.Option("--monthly", help="Like --weekly, with more of each.")] = False,
    done: Annotated[list[str], typer.Option("--done", metavar="NOTE", help="Mark NOTE as reviewed; repeat for more.")] = [],
    later: Annotated[list[str], typer.Option("--later", metavar="NOTE", help="Show NOTE again tomorrow; repeat for more.")] = [],
    only_list: Annotated[bool, typer.Option("--list", help="Only list the notes, even on a terminal.")] = False,
) -> None:
    """Show which notes to review today.

    On a terminal, goes through them with one key each: reviewed, tomorrow, next week, ... The more a note is linked, the sooner it
    comes back; the more often it was still true, the later. Review dates are stored in .zettel/reviewed; zettel undo takes an
    answer back.
    """


@command(RareOutput)
def trust(
    revoke: Annotated[bool, typer.Option("--revoke", help="Stop trusting this notebook.")] = False,
    list: Annotated[bool, typer.Option("--list", "-l", help="List trusted notebooks.")] = False,
    yes: Yes = False,
) -> None:
    """Let this notebook's config name the editor and pager.

    Shows what would be started, and asks. Trust ends when the config changes or the notebook is moved or copied. Without it, only
    your own config and environment can name programs.
    """


@command(Pick, RareOutput)
def show(
    note: NoteArgument,
    links: Annotated[bool, typer.Option("--links", "-l", help="Add its links and backlinks.")] = False,
    raw: Annotated[bool, typer.Option("--raw", help="Show the file as it is, on a terminal, too.")] = False,
) -> None:
    """Show a note: rendered on a terminal, unchanged when piped.

    NOTE#HEADING shows that section of the note.
    """


@command(Filters, Output)
def list_() -> None:
    """List notes, newest first."""


@command(Pick, Filters, Output)
def links(
    note: NoteArgument,
    depth: Annotated[
        int, typer.Option("--depth", "-d", metavar="N", help="Show notes up to N links away; from 2 on, only their titles.")
    ] = 1,
    sentences: Annotated[bool, typer.Option("--sentences", help="Show the sentences of all links, whatever the depth.")] = False,
    out: Annotated[bool, typer.Option("--out", help="Outgoing links only.")] = False,
    back: Annotated[bool, typer.Option("--back", "--in", help="Backlinks only.")] = False,
    folder: Annotated[
        str | None, typer.Option("--folder", metavar="FOLDER", help="In this folder of the notebook, or below it.", rich_help_panel=WHICH)
    ] = None,
) -> None:
    """Explore the notes linked with a note, in both directions."""


@command(Pick, Filters, Output)
def backlinks(
    note: NoteArgument,
) -> None:
    """Show which notes link to a note, and what they say about it."""


@command(Pick, Output)
def mentions(
    note: NoteArgument,
    out: Annotated[bool, typer.Option("--out", help="Only names in NOTE.")] = False,
    back: Annotated[bool, typer.Option("--back", "--in", help="Only names of NOTE in other notes.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="N", help="At most N notes.")] = None,
) -> None:
    """Find names of notes in prose that are not links.

    Finds titles and aliases of other notes in NOTE, and those of NOTE in others, in any form (decision, decisions), and telling
    parts of them. Whole names come before parts, and notes that are already linked with it last.
    """


@command(Pick, Filters, Output)
def related(
    note: NoteArgument,
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="N", help="At most N results; 10 by default.")] = None,
) -> None:
    """Show the notes most related to a note, but not linked."""


@command(Pick, Output)
def suggest(
    note: Annotated[str | None, typer.Argument(metavar="NOTE", help="The note; without one, the notes with the fewest links.")] = None,
    apply: Annotated[
        list[str],
        typer.Option("--apply", metavar="OTHER", help="Insert the link to OTHER: numbers from the list (1,3), or a note; repeat for more."),
    ] = [],
    dismiss: Annotated[
        list[str],
        typer.Option("--dismiss", metavar="OTHER", help="Never suggest OTHER again: numbers from the list, or a note; repeat for more."),
    ] = [],
    all: Annotated[bool, typer.Option("--all", help="Insert all links in the list, after showing how and asking.")] = False,
    walk: Annotated[bool, typer.Option("--walk", "-w", help="Go through the suggestions, one key each.")] = False,
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="N", help="At most N suggestions; 10 by default.")] = None,
) -> None:
    """Suggest missing links, and insert them.

    Shows the reasons for each link and where it would go: at words, after a sentence, or in a list at the end. Dismissed links are
    stored in .zettel/dismissed; delete a line there, or type zettel undo, to have that link suggested again.
    """


@command(PickTopic, Output)
def path(
    topics: Annotated[
        list[str],
        typer.Argument(metavar="A B", help="Topics, two or more: an ID, a title, an alias, a #tag, @2, or words; or one text 'A vs B'."),
    ],
    paths: Annotated[int, typer.Option("--paths", "-k", metavar="N", help="How many paths to show, best first.")] = 1,
    directed: Annotated[bool, typer.Option("--directed", help="Follow links forwards only.")] = False,
    max_hops: Annotated[int, typer.Option("--max-hops", metavar="N", help="At most N links long; any length by default.")] = 0,
    via: Annotated[list[str], typer.Option("--via", metavar="TOPIC", help="Go through a note of TOPIC; repeat for more, in order.")] = [],
    avoid: Annotated[list[str], typer.Option("--avoid", metavar="TOPIC", help="Avoid all notes of TOPIC; repeat for more.")] = [],
    no_structure: Annotated[
        bool, typer.Option("--no-structure", help="Do not pass through structure notes, such as tables of contents.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List the notes of the topics.")] = False,
    save: Annotated[bool, typer.Option("--save", help="Save it as a new structure note that links every step.")] = False,
    format: Annotated[
        Literal["table", "plain", "json", "jsonl", "csv", "paths", "ids", "markdown", "mermaid", "dot"] | None,
        typer.Option("--format", metavar="FORMAT", help="By default table on a terminal, else plain.", rich_help_panel=OUTPUT),
    ] = None,
) -> None:
    """Show how one idea leads to another, sentence by sentence."""


@command(PickTopic, Output)
def gap(
    topics: Annotated[list[str], typer.Argument(metavar="A B", help="Two topics, as for path; or one text 'A vs B'.")],
    max_hops: Annotated[
        int, typer.Option("--max-hops", metavar="N", help="Count the notes that are at most N hops from the other topic.")
    ] = 2,
    directed: Annotated[bool, typer.Option("--directed", help="Follow links forwards only.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List the notes of the topics.")] = False,
) -> None:
    """Show how close two topics are, note by note."""


@command()
def browse(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="What to look for to begin with.")] = [],
    plain: Annotated[
        bool, typer.Option("--plain", help="Say everything in plain lines, and read numbers and words, e.g. for a screen reader.")
    ] = False,
) -> None:
    """Live in the notebook: recall, read, follow links, tend and capture, on the whole screen.

    ? explains the keys. Without a terminal, or with TERM=dumb, it is as with --plain. In a notebook, zettel alone opens it, unless the setting start is help.
    """


@command(Output)
def pick(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="What is typed in the list to begin with.")] = [],
    multi: Annotated[bool, typer.Option("--multi", "-m", help="Pick several notes: Tab marks them.")] = False,
) -> None:
    """Pick a note from a list, and print its ID.

    The list is shown by fzf, with a preview; ctrl-/ shows its keys. A command whose NOTE is left out on a terminal opens it, too.
    """


@command(Filters, Output)
def search(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS", help="Words rank; '\"a phrase\"', lead*, -not, OR, tag:x, title:x, in:folder, since:'last month' filter."
        ),
    ],
    explain: Annotated[bool, typer.Option("--explain", help="Show what the score of each note is made of.")] = False,
    interactive: Annotated[bool, typer.Option("--interactive", "-i", help="Pick one of the results, and print its ID.")] = False,
) -> None:
    """Search the text of all notes, and show the best sentences."""


@command(Output)
def tags() -> None:
    """Show the tags as a tree, with counts."""


@command(Filters, Output)
def orphans(
    isolated: Annotated[bool, typer.Option("--isolated", help="Only notes without links in either direction.")] = False,
) -> None:
    """List the notes that no other note links to."""


@command(Conditions, Output)
def random() -> None:
    """Show a random note."""


@command(Output)
def topics(
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="At most N of each kind.")] = 10,
) -> None:
    """List the subjects: tags, structure notes, hubs, other clusters.

    Clusters that are about one of the tags, structure notes or hubs are only counted; zettel clusters lists them all. Tags such as
    #inbox are not subjects: set tags.unsorted.
    """


@command(PickTopic, Output)
def topic(
    topic: Annotated[
        list[str], typer.Argument(metavar="TOPIC", help="An ID, a title, an alias, a #tag, @2, words, or a name that zettel topics shows.")
    ],
    limit: Limit = None,
) -> None:
    """Show the notes of a topic in the order to read them."""


@command(Filters, Output)
def hubs(
    limit: Limit = 20,
) -> None:
    """List the notes with the most backlinks."""


@command(Output)
def bridges(
    limit: Limit = 20,
) -> None:
    """List the notes whose removal would cut others off."""


@command(Output)
def clusters(
    limit: Limit = 20,
) -> None:
    """List groups of closely linked notes.

    A cluster is called after its central note, with the words below it that tell it from the others. As a topic, type
    zettel topic 'around ID', with any note of the cluster, or its words.
    """


@command(Output)
def stats() -> None:
    """Show statistics about the notebook."""


@command(Filters, Formats)
def graph(
    around: Annotated[str | None, typer.Option("--around", metavar="NOTE", help="Only the notes near NOTE.")] = None,
    depth: Annotated[int, typer.Option("--depth", "-d", metavar="N", help="Up to N links away from --around.")] = 1,
    open: Annotated[bool, typer.Option("--open", help="Open the graph as a page in a web browser.")] = False,
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave the texts of the notes out of the page.")] = False,
    format: Annotated[
        Literal["tree", "html", "json", "dot", "graphml", "mermaid"] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            rich_help_panel=OUTPUT,
            help="A drawing (on a terminal), a page for a browser, JSON (otherwise), or source for Graphviz, graph tools or Markdown.",
        ),
    ] = None,
) -> None:
    """Draw the link graph, or write it for a browser or a program.

    On a terminal, draws it around a note: what links to it above, what it links to below, and on the right, by number, what
    else these notes link to or from. Otherwise writes JSON. --open opens a page in the browser, with the texts of the notes and the
    path between any two of them; --format html > graph.html writes it into a file, which works offline in any browser.
    """


@command()
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Start from scratch and read all notes again.")] = False,
    json: Json = False,
) -> None:
    """Bring the catalogue and the full-text index up to date.

    Other commands do this by themselves, as far as they need to.
    """


@command()
def lsp(
    log: Annotated[
        str | None,
        typer.Option("--log", metavar="FILE", help="Write into FILE what is asked and how long it takes; never the text of notes."),
    ] = None,
    setup: Annotated[
        Literal["nvim", "nvim-0.10", "helix", "emacs", "vscode", "kate", "kakoune", "sublime"] | None,
        typer.Option("--setup", metavar="EDITOR", help="Print what to paste into the config of an editor, and end."),
    ] = None,
    stdio: Annotated[bool, typer.Option("--stdio", help="Means nothing; some editors add it.")] = False,
) -> None:
    """Serve an editor: complete, show and follow links while you write.

    Your editor starts it, and speaks the Language Server Protocol with it on stdin and stdout. --setup prints what makes it do so. Only a
    notebook with .zettel/ is opened, or one that -N or $ZETTEL_DIR names.
    """


@command()
def mcp(
    write: Annotated[
        Literal["capture", "all"] | None,
        typer.Option("--write", help="Let it also add notes and text (capture), or change and rename notes, too (all)."),
    ] = None,
    log: Annotated[
        str | None,
        typer.Option("--log", metavar="FILE", help="Write into FILE what is asked and how long it takes; never the text of notes."),
    ] = None,
    setup: Annotated[
        Literal["claude", "cursor", "vscode", "zed"] | None,
        typer.Option("--setup", help="Print what to paste into the config of this program, and start nothing."),
    ] = None,
    json: Json = False,
) -> None:
    """Serve an assistant: let it search and read your notes.

    Your assistant's program starts it, and speaks the Model Context Protocol with it on stdin and stdout. Without --write it cannot change
    anything. Notes that the setting mcp.hide names, by default those tagged private, are not there for it. docs/assistants.md says more.
    """


@command()
def tutor() -> None:
    """Take a tour of zettel on a copy of the starter notebook.

    Explains one command after another, and runs it when you press Enter. The copy is removed at the end; nothing of yours is read or
    changed.
    """


@command()
def doctor(json: Json = False) -> None:
    """Report what zettel works with, to paste into a bug report.

    Versions, notebook, config, cache, editor, pager, fzf, shell completion and terminal, and what is slow, odd or broken. Nothing is
    changed, and no note is quoted. The exit code is 1 if something does not work.
    """
