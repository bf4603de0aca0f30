"""Test links, backlinks, orphans, lists, filters, tags, search and graph, and the formats of all of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, "str | bytes"]], Runner]

WEB = {
    "202401010101 A.md": "---\ntags: [lead/plan, x]\ncreated: 2024-01-01\n---\n# A\n\n## Why\n\nFirst. See 202401010102 B, for a reason. Last.\n\n[[C]] too.\n",
    "202401010102 B.md": "---\ntags: lead\n---\nTo [c](<202402010101 C.md>).\n",
    "202402010101 C.md": "Back to §202401010101, and 202402010101 itself. #x\n",
    "sub/202403010101 D.md": "Up to [[202401010101]] and [[nowhere]].\n",
    "202404010101 E.md": "Alone.\n",
}


def list_ids(run: Runner, *words: str) -> list[str]:
    """Return the IDs that a command prints. The exit code says whether there are any."""
    result = run(*words, "--format", "ids")
    assert result.code == int(not result.out), result.err
    return result.out.split()


A, B, C, D, E = "202401010101", "202401010102", "202402010101", "202403010101", "202404010101"


def test_links_have_direction_and_context(notebook: Make) -> None:
    """Each link is listed with its direction, headings, sentence and line."""
    links = json.loads(notebook(WEB)("links", "A", "--json").out)["links"]
    seen = {(link["direction"], link["id"]): link for link in links}
    assert {("out", B), ("out", C), ("back", C), ("back", D)} == set(seen)
    assert ["A", "Why"] == seen["out", B]["headings"]
    assert "See 202401010102 B, for a reason." == seen["out", B]["sentence"]
    assert 9 == seen["out", B]["line"]


def test_links_out_and_in_select_a_direction(notebook: Make) -> None:
    """`--out` and `--in` each leave out the other direction."""
    run = notebook(WEB)
    assert list_ids(run, "links", "A", "--out") == [B, C]
    assert sorted(list_ids(run, "links", "A", "--in")) == [C, D]
    assert sorted(list_ids(run, "backlinks", "A")) == sorted(list_ids(run, "links", "A", "--in"))


def test_depth_lists_every_note_once(notebook: Make) -> None:
    """Deeper links list every note once, nearest first, and never reach an isolated note."""
    run = notebook(WEB)
    assert {A, C} == set(list_ids(run, "links", "B"))
    deep = json.loads(run("links", "B", "--depth", "3", "--json").out)["links"]
    distances = {link["id"]: link["distance"] for link in deep}
    assert distances == {A: 1, C: 1, D: 2}
    assert [link["distance"] for link in deep] == sorted(link["distance"] for link in deep)


def test_links_follow_a_chain_to_any_depth(notebook: Make) -> None:
    """In a chain of thirty notes, the note that is N links away is at distance N."""
    chain = {f"2024010101{n:02d} N{n}.md": f"On to 2024010101{n + 1:02d}.\n" for n in range(30)}
    rows = json.loads(notebook(chain)("links", "202401010100", "--depth", "99", "--json").out)["links"]
    assert [(f"2024010101{n:02d}", n) for n in range(1, 30)] == [(row["id"], row["distance"]) for row in rows if row["id"]]


def test_dangling_and_self_links_are_listed(notebook: Make) -> None:
    """Dangling links and self links are listed as such, and are not backlinks."""
    run = notebook(WEB)
    rows = json.loads(run("links", D, "--json").out)["links"]
    assert ["dangling"] == [row["status"] for row in rows if row["title"] == "nowhere"]
    rows = json.loads(run("links", C, "--json").out)["links"]
    assert [True] == [row["self"] for row in rows if row["direction"] == "self"]
    assert C not in list_ids(run, "backlinks", C)


def test_ambiguous_links_list_their_candidates(notebook: Make) -> None:
    """A link that matches several notes has no target, but lists its candidates."""
    run = notebook({"202401010101 A.md": "To 202401010102.\n", "202401010102 One.md": "", "202401010102 Two.md": ""})
    (row,) = json.loads(run("links", "A", "--json").out)["links"]
    assert ("ambiguous", None) == (row["status"], row["target"])
    assert ["202401010102 One.md", "202401010102 Two.md"] == row["candidates"]


@pytest.mark.parametrize("line", [["list"], ["orphans"], ["orphans", "--isolated"]])
def test_empty_notebook_suggests_a_first_command(line: list[str], notebook: Make) -> None:
    """If there is no note, lists say so, and suggest what to type."""
    found = notebook({})(*line)
    assert (1, "", "zettel: there is no note yet: zettel new A THOUGHT IN A FEW WORDS\n") == (found.code, found.out, found.err)


def test_orphans_lists_orphans_and_isolated_notes(notebook: Make) -> None:
    """Orphans have no backlinks, and isolated notes have no links in either direction."""
    run = notebook(WEB)
    assert {D, E} == set(list_ids(run, "orphans"))
    assert list_ids(run, "orphans", "--isolated") == [E]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--tag", "lead"], {A, B}),
        (["--tag", "lead/plan"], {A}),
        (["--tag", "not lead"], {C, D, E}),
        (["-t", "lead", "-t", "x"], {A}),
        (["-t", "lead,not x"], {B}),
        (["-t", "lead/plan|x"], {A, C}),
        (["--linked-by", "A"], {B, C}),
        (["--links-to", "A"], {C, D}),
        (["--links-to", "A", "--linked-by", "A"], {C}),
        (["--created-after", "2024-02"], {C, D, E}),
        (["--created-before", "2024-02"], {A, B}),
        (["--created-after", "2024-02", "--created-before", "2024-03-01"], {C}),
        (["--in", "sub"], {D}),
        (["--in", "su"], set()),
        (["-n", "2", "--sort", "id"], {A, B}),
        (["-n", "2", "--sort", "id-"], {D, E}),
        (["-n", "2", "--sort", "backlinks-"], {A, C}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_filters_select_notes(words: list[str], wanted: set[str], notebook: Make) -> None:
    """Every filter option narrows a list down, alone and combined."""
    assert wanted == set(list_ids(notebook(WEB), "list", *words))


@pytest.mark.parametrize(
    "command",
    [["search", "to OR see OR alone OR back"], ["orphans"], ["links", "A"], ["backlinks", "A"], ["list"]],
    ids=lambda words: words[0],
)
def test_filters_work_in_every_command(command: list[str], notebook: Make) -> None:
    """The same filter narrows down every command that lists notes."""
    run = notebook(WEB)
    everything, folder = list_ids(run, *command), list_ids(run, *command, "--folder", "sub")
    assert [note for note in everything if note == D] == folder
    assert everything[:1] == list_ids(run, *command, "-n", "1") or command[0] == "list"


def test_graph_takes_filters(notebook: Make) -> None:
    """A filtered graph has the matching notes and the links between them."""
    graph = json.loads(notebook(WEB)("graph", "--tag", "lead|x").out)
    assert {A, B, C} == {note["id"] for note in graph["notes"]}
    assert {note["path"] for note in graph["notes"]} >= {link["target"] for link in graph["links"]}


def test_graph_around_keeps_near_notes(notebook: Make) -> None:
    """`--around` keeps the notes within `--depth` links."""
    run = notebook(WEB)
    assert {A, B, C} == {note["id"] for note in json.loads(run("graph", "--around", "B").out)["notes"]}
    assert {A, B, C, D} == {note["id"] for note in json.loads(run("graph", "--around", "B", "--depth", "2").out)["notes"]}


def test_graph_formats_hold_every_note_and_link(notebook: Make) -> None:
    """DOT, GraphML and Mermaid hold every note and edge, and escape special characters."""
    import networkx

    run = notebook({**WEB, "202405010101 F.md": """---\ntitle: '"<script>" & \\ [x]'\n---\n[[A]]\n"""})
    graph = networkx.parse_graphml(run("graph", "--format", "graphml").out, force_multigraph=True)
    assert 6 == graph.number_of_nodes()
    assert '"<script>" & \\ [x]' in {data["title"] for _, data in graph.nodes(data=True)}
    dot = run("graph", "--format", "dot").out
    assert 6 == dot.count(" [label=")
    assert 6 == dot.count(" -> ")
    assert '\\"<script>\\" & \\\\ [x]' in dot
    mermaid = run("graph", "--format", "mermaid").out
    assert 6 == mermaid.count(" --> ")
    assert "<script>" not in mermaid


def test_tags_counts_nested_tags(notebook: Make) -> None:
    """Tags are listed with their own count and the count of everything nested below them."""
    rows = {row["tag"]: (row["notes"], row["total"]) for row in json.loads(notebook(WEB)("tags", "--json").out)["tags"]}
    assert rows == {"lead": (1, 2), "lead/plan": (1, 1), "x": (2, 2)}


def test_random_respects_filters(notebook: Make) -> None:
    """A random note is one that the filters match."""
    run = notebook(WEB)
    assert run("random", "--in", "sub", "--format", "ids").out.strip() == D
    assert {run("random", "--format", "ids").out.strip() for _ in range(5)} <= {A, B, C, D, E}


def test_stats_match_the_graph(notebook: Make) -> None:
    """The figures are those of the graph."""
    counts = json.loads(notebook(WEB)("stats", "--json").out)["counts"]
    assert (
        5,
        5,
        1,
        1,
        3,
        2,
        1,
    ) == tuple(counts[key] for key in ("notes", "links", "self_links", "dangling_links", "tags", "orphans", "isolated_notes"))


TEXTS = {
    "202401010101 Execution.md": "---\naliases: [Getting it done]\ntags: [delivery/flow]\n---\nStrategy without execution is a dream, said the décideur.\n",
    "202401010102 Strategy.md": "---\ntags: [direction]\n---\n# Strategy\n\n## Leading well\n\nA strategy names what we leave out. The team decides.\n",
    "202402010101 知識.md": "私は知識管理の方法を学ぶ。 # 章\n",
    "202403010101 Styled.md": "Your 𝗦𝘁𝗿𝗮𝘁𝗲𝗴𝘆 is a ﬁne thing; naïve leaders say ÜBER.\n",
    "202404010101 On strategy and strategy and strategy.md": "strategy strategy strategy\n",
}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("strategies", ["202401010102", "202404010101", "202401010101", "202403010101"]),
        ("execution dream", ["202401010101"]),
        ('"leave out"', ["202401010102"]),
        ('"out leave"', []),
        ("strategy -execution -styled -leave", ["202404010101"]),
        ("dream OR managing", ["202401010101"]),
        ("lead*", ["202401010102", "202403010101"]),
        ("tag:delivery", ["202401010101"]),
        ("#delivery/flow", ["202401010101"]),
        ("title:strategy", ["202401010102", "202404010101"]),
        ("alias:done", ["202401010101"]),
        ("heading:leading", ["202401010102"]),
        ("created:2024-02..", ["202402010101", "202403010101", "202404010101"]),
        ("created:2024-01", ["202401010101", "202401010102"]),
        ("before:2024-02 strategy", ["202401010102", "202401010101"]),
        ("知識管理", ["202402010101"]),
        ("方法", ["202402010101"]),
        ("识", []),
        ("decideur", ["202401010101"]),
        ("décideurs", ["202401010101"]),
        ("uber naive", ["202403010101"]),
        ("fine", ["202403010101"]),
        ("getting it done", ["202401010101"]),
        ("202403", ["202403010101"]),
        ("stratgey", None),
        ("(strategy) !!! ?", None),
        ('"unclosed', []),
        ("foo:bar AND [baz] ~^ {x} \\", []),
    ],
)
def test_search_finds_what_the_query_means(words: str, wanted: list[str] | None, notebook: Make) -> None:
    """Words, phrases, fields, dates, prefixes, accents, CJK and styled letters match, and stray punctuation is not an error."""
    result = notebook(TEXTS)("search", "--json", "--", words)
    found = [note["id"] for note in json.loads(result.out)["results"]]
    assert result.code == int(not found), result.err
    if wanted is None:
        assert "202401010102" in found
    else:
        assert set(wanted) == set(found)


@pytest.mark.parametrize("words", ["strategy", "Strategy", "getting it done"])
def test_exact_titles_rank_first(words: str, notebook: Make) -> None:
    """A note with exactly that title or alias ranks before one that says the words more often."""
    first = {"strategy": "202401010102", "getting it done": "202401010101"}[words.lower()]
    assert first == list_ids(notebook(TEXTS), "search", words)[0]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["strategy", "-execution", "-styled", "-leave"], {"202404010101"}),
        (["-execution", "strategy", "-tag:direction", "-n5"], {"202403010101", "202404010101"}),
        (["strategy", "-leave out", "-nine", "-title:execution", "-n", "9"], {"202403010101", "202404010101"}),
        (["strategy", "--tag", "-direction", "-dream", "--limit=9"], {"202403010101", "202404010101"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_excluded_words_need_no_double_dash(words: list[str], wanted: set[str], notebook: Make) -> None:
    """`-word` on the command line excludes the word, whatever letter it begins with, and options stay options."""
    assert wanted == set(list_ids(notebook(TEXTS), "search", *words))


def test_date_of_several_words_needs_no_inner_quotes(notebook: Make) -> None:
    """`since:"last month"` still means that date after the shell has removed the quotes."""
    run = notebook({**TEXTS, "new.md": "strategy\n"})
    assert ["new.md"] == list_ids(run, "search", "since:last month")
    assert ["new.md"] == list_ids(run, "search", "strategy", "since:3 days ago", "-execution")
    assert ["new.md"] == list_ids(run, "search", "since:last week (strategy tag:x) OR strategy")
    assert 5 == len(list_ids(run, "search", "before:last year"))
    assert ["202402010101"] == list_ids(run, "search", "created:feb 2024")


def test_search_reports_its_interpretation(notebook: Make) -> None:
    """If a word was mistyped or is in no note, a message says so; any of several words may match."""
    run = notebook(TEXTS)
    assert "" == run("search", "dream", "leaders").err
    typo = run("search", "stratgey")
    assert '"strategy"' in typo.err
    assert 'no note matches "qqqqzzzz"' in run("search", "qqqqzzzz").err


def test_search_shows_the_best_sentence(notebook: Make) -> None:
    """The sentence with the most hits is shown, with its hits marked."""
    (row,) = json.loads(notebook(TEXTS)("search", "--json", "names leave").out)["results"]
    assert "A strategy names what we leave out." == row["sentence"]
    assert ["names", "leave"] == [row["sentence"][start:end] for start, end in row["marks"]]


def test_outside_edits_are_seen_at_once(notebook: Make) -> None:
    """Outside edits, renames and deletions are in the next answer, including the links of other notes."""
    run = notebook(WEB)
    assert "dangling" in run("links", D, "--json").out
    (run.folder / "202405010101 Nowhere.md").write_text("Brandnew.\n", encoding="utf-8")
    assert "202405010101" in list_ids(run, "links", D)
    assert ["202405010101"] == list_ids(run, "search", "brandnew")
    (run.folder / "202405010101 Nowhere.md").rename(run.folder / "202405010101 Elsewhere.md")
    assert "202405010101" not in list_ids(run, "links", D)
    assert ["202405010101"] == list_ids(run, "search", "brandnew")
    (run.folder / "202405010101 Elsewhere.md").unlink()
    assert [] == list_ids(run, "search", "brandnew")
    (run.folder / "202401010102 Twin.md").write_text("", encoding="utf-8")
    statuses = {row["status"] for row in json.loads(run("links", "A", "--json").out)["links"] if row["text"] == B}
    assert {"ambiguous"} == statuses


def test_cache_can_be_deleted_or_damaged(notebook: Make, tmp_path: Path) -> None:
    """Deleting or damaging the cache loses nothing."""
    import shutil

    run = notebook(TEXTS)
    expected = run("search", "strategy", "--json").out
    cache = tmp_path / "home" / "cache"
    shutil.rmtree(cache)
    assert expected == run("search", "strategy", "--json").out
    for file in [path for path in cache.rglob("*") if path.is_file()]:
        file.write_bytes(b"damaged")
    result = run("search", "strategy", "--json")
    assert 0 == result.code, result.err
    assert expected == result.out


LISTS = (["list"], ["links", "A"], ["backlinks", "A"], ["orphans"], ["search", "see"], ["tags"], ["path", "B", "A"], ["stats"])


@pytest.mark.parametrize("words", LISTS, ids=lambda words: words[0])
def test_every_format_is_valid_and_complete(words: list[str], notebook: Make) -> None:
    """JSON has a version, CSV rows have equal length, JSON lines are objects, and -0 separates the same paths with NUL."""
    run = notebook(WEB)
    document = json.loads(run(*words, "--json").out)
    assert 1 == document["version"]
    assert run(*words, "--json").out == run(*words, "--format", "json").out
    rows = list(csv.reader(io.StringIO(run(*words, "--format", "csv").out)))
    assert 1 == len({len(row) for row in rows})
    for line in run(*words, "--format", "jsonl").out.splitlines():
        assert isinstance(json.loads(line), dict)
    paths = run(*words, "--format", "paths").out.split("\n")[:-1]
    assert paths == run(*words, "-0").out.split("\0")[:-1]
    assert len(paths) == len(set(paths))


def test_table_and_csv_agree_cell_for_cell(notebook: Make) -> None:
    """The table has the same cells as the CSV, and a # before each tag, unless it is sorted by something that none of them shows."""
    run = notebook(WEB)
    rows = list(csv.reader(io.StringIO(run("list", "--sort", "title", "--format", "csv").out)))
    shown = run("list", "--sort", "title", "--format", "table").out.splitlines()
    assert len(rows) == len(shown)
    for row, line in zip(rows[1:], shown[1:], strict=True):
        assert [cell.replace(", ", " ") for cell in row if cell] == [
            part.strip().replace("#", "") for part in line.split("  ") if part.strip()
        ]


@pytest.mark.parametrize("field", ["created", "modified", "words", "links", "backlinks"])
def test_a_table_shows_what_it_is_sorted_by(field: str, notebook: Make) -> None:
    """People see what a list is sorted by, in its order; the columns of formats for programs stay as they are."""
    run = notebook(WEB)
    heading, *lines = run("list", "--sort", f"{field}-", "--format", "table").out.splitlines()
    at, end = heading.index(field.capitalize()), heading.index("Tags")
    cells = [line[at:end].strip() for line in lines]
    records = json.loads(run("list", "--sort", f"{field}-", "--json").out)["notes"]
    assert [str(record[field])[:10] for record in records] == cells
    assert "id,title,tags" == run("list", "--sort", f"{field}-", "--format", "csv").out.splitlines()[0]


def test_stdout_has_only_the_answer(notebook: Make) -> None:
    """Remarks go to stderr, and finding nothing is an empty answer with the exit code 1, not an error."""
    run = notebook(WEB)
    result = run("list", "--tag", "nonsense")
    assert (1, "") == (result.code, result.out)
    assert "no note matches the filters" in result.err
    assert [] == json.loads(run("list", "--tag", "nonsense", "--json").out)["notes"]


def test_colours_are_for_terminals(notebook: Make) -> None:
    """Only a terminal gets colours, and NO_COLOR, TERM=dumb, FORCE_COLOR and --color are respected."""
    run = notebook(WEB)
    assert "\x1b[" not in run("list").out
    assert "\x1b[" in run.on_terminal("list").out
    assert "\x1b[" not in run.on_terminal("list", NO_COLOR="1").out
    assert "\x1b[" not in run.on_terminal("list", TERM="dumb").out
    assert "\x1b[" in run("list", FORCE_COLOR="1").out
    assert "\x1b[" in run("--color", "always", "list").out
    assert "\x1b[" not in run.on_terminal("--color", "never", "list").out


def test_notes_cannot_control_the_terminal(notebook: Make) -> None:
    """Escape sequences, direction overrides and markup in titles and bodies are shown, not obeyed."""
    run = notebook(
        {
            "202401010101 A.md": "# red \x1b[31m [bold]x[/bold] [/] \u202egpj\n\n\x1b]0;owned\x07 text 202401010102\n",
            "202401010102 B.md": "b\n",
        }
    )
    for words in (
        ["list"],
        ["links", B],
        ["search", "text"],
        ["show", A],
        ["list", "--json"],
        ["show", A, "--format", "plain"],
        ["path", A, B],
    ):
        shown = run.on_terminal("--color", "never", *words)
        assert 0 == shown.code
        assert not set("\x1b\x07\u202e") & set(shown.out), words
    assert "[bold]x[/bold] [/]" in run.on_terminal("--color", "never", "list").out


def test_closed_pipe_is_not_an_error(notebook: Make) -> None:
    """If the reader of its output stops reading, zettel ends quietly."""
    import subprocess

    from tests.conftest import COMMAND

    run = notebook({f"2024010101{n:02d} {'long ' * 30}.md": "" for n in range(60)})
    line = f"{' '.join(COMMAND)} list --json | head -n 1"
    done = subprocess.run(["sh", "-c", line], cwd=run.folder, env=run.environ, capture_output=True, text=True, check=False)
    assert ("{\n", "") == (done.stdout, done.stderr)


def test_index_reports_problems(notebook: Make) -> None:
    """`index` names the notes that it cannot read properly, and continues."""
    run = notebook({**WEB, "202405010101 Bad.md": "---\ntitle: a: b\n---\n", "202405010102 Latin.md": b"caf\xe9\n"})
    result = run("index")
    assert 0 == result.code
    assert "7 notes" in result.out
    assert "202405010101 Bad.md" in result.err
    assert "202405010102 Latin.md" in result.err
    assert "7 notes" in run("index", "--rebuild").out


def test_config_option_sets_any_setting(notebook: Make) -> None:
    """-c sets any setting for one call, and an invalid one is an error with a hint."""
    run = notebook({"202401010101 A.md": "[[label|202401010102]]\n", "202401010102 B.md": ""})
    assert [] == [row["id"] for row in json.loads(run("links", "A", "--json").out)["links"] if row["id"]]
    assert list_ids_with(run, ["-c", "links.pipe=label-first"], "links", "A") == [B]
    assert list_ids_with(run, ["-c", "ignore=* A.md"], "list") == [B]
    for wrong in ("nonsense=1", "links.pipe=x", "search.limit=x", "pager"):
        result = run("-c", wrong, "list")
        assert 2 == result.code
        assert "hint: " in result.err


def list_ids_with(run: Runner, before: list[str], *words: str) -> list[str]:
    """Return the IDs that a command prints with options before its name."""
    return run(*before, *words, "--format", "ids").out.split()


def test_broken_config_is_an_error(notebook: Make) -> None:
    """A config file that cannot be parsed is an error that names it."""
    run = notebook({".zettel/config.toml": "links = [", "202401010101 A.md": ""})
    result = run("list")
    assert 2 == result.code
    assert "config.toml" in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("zettel li", ["links", "list"]),
        ("zettel links 2024010101", ["202401010101  A", "202401010102  B"]),
        ("zettel links 20240201", ["202402010101"]),
        ("zettel show n", ["n\\ x"]),
        ("zettel list --tag le", ["lead", "lead/plan"]),
        ("zettel tag r", ["rename"]),
        ("zettel tag rename le", ["lead", "lead/plan"]),
        ("zettel list --format j", ["json", "jsonl"]),
        ("zettel list --linked-by 2024040101", ["202404010101"]),
        ("zettel graph --format m", ["mermaid"]),
        ("zettel links --dep", ["--depth"]),
        ("zettel new A", []),
    ],
)
def test_completion_offers_what_fits(words: str, wanted: list[str], notebook: Make) -> None:
    """Tab completes commands, options, choices, tags and notes, by ID (with the title beside it) and by title."""
    run = notebook({**WEB, "202404020101 n x.md": ""})
    environ = {"_ZETTEL_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    assert sorted(wanted) == sorted(run(**environ).out.splitlines())
    typed = {"_ZETTEL_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args", "_TYPER_COMPLETE_ARGS": words}
    fish = [line.split("\t")[0] for line in run(**typed).out.splitlines()]
    assert [choice.split("  ")[0].replace("\\", "") for choice in sorted(wanted)] == sorted(fish)


def test_python_api_opens_a_notebook(notebook: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A notebook opened from Python can be iterated, asked for backlinks, searched, and turned into a networkx graph."""
    import networkx

    import zettel

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = zettel.open(notebook(WEB).folder)
    assert [note.id for note in found] == [A, B, C, E, D]
    assert {"202402010101 C.md", "sub/202403010101 D.md"} == {link.link.source for link in found.backlinks(A)}
    assert ["202404010101 E.md"] == [note.path for note, _ in found.search("alone")]
    graph = found.graph()
    assert isinstance(graph, networkx.MultiDiGraph)
    assert (5, 6) == (graph.number_of_nodes(), graph.number_of_edges())
    assert "A" == graph.nodes["202401010101 A.md"]["title"]
