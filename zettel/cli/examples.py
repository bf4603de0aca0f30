"""Define the examples in the help of every command. A test runs all of them, in this order, in a copy of the starter notebook."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "init": (
        ("zettel init", "Turn the current folder into a notebook."),
        ("zettel init ~/zettel", "Make a notebook in your home folder."),
    ),
    "new": (
        ("zettel new Ask the quiet one first", "Capture a thought with a title only."),
        ('zettel new Trust is slow --tag people --link-from "kept promises"', "Add a tag, and a link from the note that led to it."),
    ),
    "daily": (
        ("zettel daily", "Open today's note."),
        ('zettel daily --append "Call Ana about the launch"', "Add a line to it, without the editor."),
    ),
    "append": (
        ('zettel append "kept promises" "This held again in May."', "Add a paragraph at the end of a note."),
        ("zettel append 202301172040 See the review of June. --dry-run", "Show what would be written."),
    ),
    "import": (
        ("zettel import article.html --dry-run", "Show which note an article would become."),
        ('zettel import article.html --author "Ann Lee" --tag reading', "Import it with this author, whatever it says, and a tag."),
    ),
    "templates": (
        ("zettel templates", "List the templates."),
        ("zettel new Hire a second designer --template decision", "Use one of them."),
    ),
    "links": (
        ("zettel links 202302060730", "Show what a note links to, and what links to it."),
        ('zettel links "kept promises" --depth 2', "Show the notes up to two links away."),
    ),
    "backlinks": (
        ("zettel backlinks 202302060730", "Show what other notes say about a note."),
        ("zettel backlinks kept promises --tag delivery", "Only those with this tag."),
    ),
    "topics": (
        ("zettel topics", "List the subjects of the notebook."),
        ("zettel topics --limit 3", "At most three of each kind."),
    ),
    "topic": (
        ("zettel topic strategy", "Show the notes about strategy, in the order to read them."),
        ('zettel topic "#delivery"', "Those with a tag. Quote #, or the shell takes it for a comment."),
    ),
    "tags": (
        ("zettel tags", "Show all tags."),
        ("zettel list --tag delivery", "List the notes with one of them."),
    ),
    "hubs": (
        ("zettel hubs", "List the notes that most others link to."),
        ("zettel hubs --tag strategy --limit 5", "The first five with this tag."),
    ),
    "bridges": (
        ("zettel bridges", "List the notes without which others would be cut off."),
        ("zettel bridges --limit 3", "The first three."),
    ),
    "clusters": (
        ("zettel clusters", "List groups of notes that belong together."),
        ('zettel topic "around 202302060730"', "Read the group of one note."),
    ),
    "random": (
        ("zettel random", "Meet an old thought again."),
        ("zettel random --tag strategy", "One about strategy."),
    ),
    "browse": (
        ("zettel browse", "Read, follow links and see what hangs together, on the whole screen."),
        ("zettel browse kept promises --plain", "Begin with these words, in plain lines."),
    ),
    "search": (
        ("zettel search afraid to say", "Find what you half remember: any of these words may match."),
        ("zettel search promise tag:delivery -heroic", "With this tag, and without that word."),
    ),
    "list": (
        ("zettel list --limit 5", "List the five newest notes."),
        ("zettel list --tag strategy --created-after 2024", "Those about strategy since 2024."),
    ),
    "show": (
        ("zettel show kept promises", "Read a note: a part of its title is enough."),
        ("zettel show 202302060730 --links", "Add its links and backlinks."),
    ),
    "edit": (
        ("zettel edit kept promises", "Open a note in the editor."),
        ("zettel edit @1", "Open the first note of the list that was shown last."),
    ),
    "pick": (
        ("zettel pick", "Pick a note from a list, and print its ID."),
        ("zettel edit", "A command without its NOTE opens the list, too."),
    ),
    "review": (
        ("zettel review", "Go through the notes to read again today."),
        ("zettel review --weekly", "More of them, with open questions and orphans."),
    ),
    "path": (
        ('zettel path execution "value delivery"', "Show how one subject leads to another."),
        ("zettel path trust metrics --paths 3", "Show the three best paths."),
    ),
    "gap": (
        ("zettel gap strategy execution", "Count which notes of one subject lead to the other."),
        ("zettel gap strategy execution --max-hops 3", "Look further."),
    ),
    "related": (
        ("zettel related kept promises", "Show similar notes that are not linked with it."),
        ("zettel related 202302060730 --limit 3", "Only the three most similar."),
    ),
    "suggest": (
        ("zettel suggest kept promises", "Suggest links for a note."),
        ("zettel suggest --walk", "Go through the notes with the fewest links, one key each."),
    ),
    "mentions": (
        ("zettel mentions price the delay", "Find where names stand in prose without being links."),
        ("zettel mentions price the delay --back", "Only where others name this note."),
    ),
    "check": (
        ("zettel check", "Find problems in the whole notebook."),
        ("zettel check --fix --dry-run", "Show what can be repaired."),
    ),
    "orphans": (
        ("zettel orphans", "List the notes that no other note links to."),
        ("zettel orphans --isolated", "Only those that link to none, either."),
    ),
    "rename": (
        ('zettel rename 202302060730 "Execution is a chain of kept promises" --dry-run', "Show every change first."),
        ('zettel rename "kept promises" Execution is a chain of kept promises', "Rename it; all links follow."),
    ),
    "move": (
        ('zettel move "kept promises" delivery/', "Move a note to a folder, new or not."),
        ("zettel move 202301172040 people/ --dry-run", "Show every change first."),
    ),
    "merge": (
        ("zettel merge 202302060730 202301091915 --dry-run", "Show what the merged note would be."),
        ("zettel merge 202302060730 202301091915", "Add the second note to the first."),
    ),
    "split": (
        ('zettel split "safety shows"', "List the headings of a note."),
        ('zettel split "safety shows" "What the test misses"', "Turn this section into a note."),
    ),
    "extract": (
        ("zettel extract 202307182055 7 --dry-run", "Show what note line 7 would become."),
        ("zettel extract 202307182055 7 Comfort is not safety", "Create it, with this title."),
    ),
    "tag": (
        ("zettel tag rename inbox in --dry-run", "Show every change first."),
        ("zettel tag rename delivery execution", "Rename a tag and those nested below it."),
    ),
    "delete": (
        ("zettel delete 202505081855 --dry-run", "Show what would happen."),
        ("zettel delete 202505081855 --yes", "Move the note to the trash without a question."),
    ),
    "restore": (
        ("zettel restore", "List the notes in the trash."),
        ("zettel restore 202505081855", "Bring one back to where it was."),
    ),
    "undo": (
        ("zettel undo --list", "List the changes that can be undone."),
        ("zettel undo", "Undo the last one."),
    ),
    "graph": (
        ('zettel graph --around "kept promises"', "Draw the links around a note."),
        ("zettel graph --open", "Open all notes as a page in the browser."),
    ),
    "stats": (
        ("zettel stats", "Count notes, links, words and tags."),
        ("zettel stats --json", "The same for a program."),
    ),
    "trust": (
        ("zettel trust", "See which programs this notebook names, and trust it."),
        ("zettel trust --list", "List the notebooks that you trust."),
    ),
    "index": (
        ("zettel index", "Read all changed notes now, so that the next search need not."),
        ("zettel index --rebuild", "Read all notes again."),
    ),
    "tutor": (
        ("zettel tutor", "Take the tour: Enter runs each command."),
        ("zettel tutor | less", "Read it instead."),
    ),
    "lsp": (
        ("zettel lsp --setup helix", "Print what to paste into the config of Helix."),
        ("zettel lsp --log ~/zettel-lsp.log", "What your editor starts, here with a log of how long answers take."),
    ),
    "mcp": (
        ("zettel mcp --setup claude", "Print what to paste into the config of Claude."),
        ("zettel mcp --log ~/zettel-mcp.log", "What your assistant's program starts, with a log."),
    ),
    "doctor": (
        ("zettel doctor", "Report what works, what is slow and what is broken."),
        ("zettel doctor --json", "The same for a program."),
    ),
}
"""Examples of each command: (command line, what it does)."""
