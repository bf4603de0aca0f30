"""Test what an editor draws into a document: hints, lenses, folds and colours."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lsp.conftest import Start
from tests.lsp.editor import Editor, Message

TRUST = "202401010001 Trust.md"
PLAN = "202401010002 Plan.md"
OWN = "202401010003 Own.md"
NOTES = {
    TRUST: "# Trust is slow\n\n## Signs\n\nText.\n",
    PLAN: "# Plan\n\n202401010001 Trust is slow and [[202401010001#Signs]].\n",
    OWN: "# Own\n\nSee [[202401010001]], 202401010001 Trust is slow, [[202401010002|words]] and §202401010002\n\n"
    "[[202401010001]] Trust is slow. Trust is slow ([[202401010001]]). [words]([[202401010002]]) [[nowhere]] #tag\n",
}
WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}}


def show_hints(editor: Editor, path: str, span: Message = WHOLE) -> list[tuple[int, int, str]]:
    """Return line, character and words of the hints in a part of a document."""
    found = editor.ask("textDocument/inlayHint", {"textDocument": {"uri": editor.uri(path)}, "range": span})
    return [(one["position"]["line"], one["position"]["character"], one["label"][0]["value"]) for one in found]


def show_tokens(editor: Editor, path: str, span: Message | None = None) -> list[tuple[str, str]]:
    """Return kind and words of the tokens of a document."""
    name, given = ("range", {"range": span}) if span else ("full", {})
    found = editor.ask(f"textDocument/semanticTokens/{name}", {"textDocument": {"uri": editor.uri(path)}, **given})
    legend = editor.declared["capabilities"]["semanticTokensProvider"]["legend"]["tokenTypes"]
    lines = NOTES.get(path, "").split("\n")
    shown, line, character = [], 0, 0
    for at in range(0, len(found["data"]), 5):
        down, right, size, kind, modifiers = found["data"][at : at + 5]
        line, character = line + down, (0 if down else character) + right
        shown.append((legend[kind] + "!" * modifiers, lines[line][character : character + size]))
    return shown


def wait_for_refresh(editor: Editor) -> None:
    """Wait until the server has asked for everything to be drawn again."""
    found: set[object] = set()
    while not {"workspace/inlayHint/refresh", "workspace/semanticTokens/refresh", "workspace/codeLens/refresh"} <= found:
        message = editor.read()
        found.add(message.get("method"))
        if "id" in message:
            editor.send({"id": message["id"], "result": None})


def test_titles_are_shown_behind_links_without_words(start: Start) -> None:
    """A link by ID alone has its note's title behind it, unless the title stands beside it or the link has words of its own."""
    editor = start(NOTES, "vscode-1.82")
    editor.open(OWN)
    assert [(2, 20, "Trust is slow"), (2, 90, "Plan")] == show_hints(editor, OWN)
    editor.change(OWN, "# Own\n\n([[202401010001]]) ![[202401010002#Part]] [words]([[202401010002]])\n")
    assert [(2, 17, "Trust is slow"), (2, 41, "Plan")] == show_hints(editor, OWN)


def test_count_of_backlinks_is_shown_behind_the_title(start: Start) -> None:
    """Behind the title stands how many links lead to the note from others, those of unsaved text included."""
    editor = start(NOTES, "vscode-1.82")
    editor.open(TRUST)
    assert [(0, 15, "← 6")] == show_hints(editor, TRUST)
    editor.open(PLAN, "# Plan\n")
    assert [(0, 15, "← 4")] == show_hints(editor, TRUST)
    editor.close(PLAN)
    assert [(0, 15, "← 6")] == show_hints(editor, TRUST)


def test_only_hints_of_the_range_are_sent(start: Start) -> None:
    """Hints outside the part that is shown are not sent."""
    editor = start(NOTES, "vscode-1.82")
    editor.open(OWN)
    assert [] == show_hints(editor, OWN, {"start": {"line": 3, "character": 0}, "end": {"line": 9, "character": 0}})


def test_settings_choose_hints(start: Start) -> None:
    """The setting `lsp.hints` names the hints that are shown, and a change of it makes the editor ask again."""
    editor = start(NOTES, "vscode-1.82")
    editor.open(TRUST)
    assert 1 == len(show_hints(editor, TRUST))
    editor.notify("workspace/didChangeConfiguration", {"settings": {"zettel": {"lsp": {"hints": ["titles"]}}}})
    wait_for_refresh(editor)
    assert [] == show_hints(editor, TRUST)
    editor.notify("workspace/didChangeConfiguration", {"settings": {"zettel": {"lsp": {"hints": ["titel"]}}}})
    assert [] == show_hints(editor, TRUST)
    (message,) = [one["params"]["message"] for one in editor.told if one["method"] == "window/showMessage"]
    assert 'there is no hint "titel"' in message


def test_hint_can_be_followed_and_pointed_at(start: Start) -> None:
    """A resolved hint leads to the title, or the heading that the link names, and shows what hover shows."""
    editor = start({**NOTES, "X.md": "# X\n\n[[202401010001#Signs]]\n"}, "vscode-1.82")
    editor.open("X.md")
    (hint,) = editor.ask("textDocument/inlayHint", {"textDocument": {"uri": editor.uri("X.md")}, "range": WHOLE})
    assert "tooltip" not in hint
    resolved = editor.ask("inlayHint/resolve", hint)
    assert TRUST == editor.path(resolved["label"][0]["location"]["uri"])
    assert 2 == resolved["label"][0]["location"]["range"]["start"]["line"]
    assert "Text." in resolved["tooltip"]["value"]
    assert hint == editor.ask("inlayHint/resolve", {**hint, "data": ["file:///elsewhere", 1, None]}) | {"data": hint["data"]}


def test_titles_cannot_steer_a_terminal(start: Start) -> None:
    """Control characters of a title are shown, not sent."""
    editor = start({TRUST: "# Trust \x1b[31mis\n", "X.md": "# X\n\n[[202401010001]]\n"}, "vscode-1.82")
    editor.open("X.md")
    ((_, _, words),) = show_hints(editor, "X.md")
    assert words.isprintable()


def test_change_elsewhere_makes_the_editor_ask_again(start: Start) -> None:
    """When another note has changed, the editor is told once to ask again for what it draws."""
    editor = start(NOTES, "vscode-1.82")
    editor.open(OWN)
    show_hints(editor, OWN)
    (editor.folder / TRUST).write_text("# Trust is quick\n")
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri(TRUST), "type": 2}]})
    wait_for_refresh(editor)
    assert (2, 20, "Trust is quick") in show_hints(editor, OWN)


def test_lenses_count_links(start: Start) -> None:
    """With `lsp.lens`, the title has the counts of its note above it, and a heading the links to it; without, nothing is shown."""
    editor = start({**NOTES, ".zettel/config.toml": "lsp.lens = true\n"}, "vscode-1.82")
    editor.open(TRUST)
    document = {"textDocument": {"uri": editor.uri(TRUST)}}
    found = [(one["range"]["start"]["line"], one["command"]["title"]) for one in editor.ask("textDocument/codeLens", document)]
    assert [(0, "6 backlinks · 0 links"), (2, "1 link to this heading")] == found
    editor.notify("workspace/didChangeConfiguration", {"settings": {"zettel": {"lsp": {"lens": False}}}})
    assert None is editor.ask("textDocument/codeLens", document)


FOLDED = (
    "---\ntitle: T\n---\n# A\n\n- one\n  more\n  - sub\n\n    deep\n- two\n\n```py\ncode\n\n# no heading\n```\n\n## B\n\nText.\n\n# C\n"
)


def test_folds_are_sections_fences_items_and_front_matter(start: Start) -> None:
    """Each part can be folded up to its last line that is not blank; one of a single line cannot."""
    editor = start({"T.md": FOLDED}, "vscode-1.82")
    editor.open("T.md")
    found = editor.ask("textDocument/foldingRange", {"textDocument": {"uri": editor.uri("T.md")}})
    assert [(0, 2), (3, 20), (5, 9), (7, 9), (12, 16), (18, 20)] == [(one["startLine"], one["endLine"]) for one in found]
    assert ["region"] == [one["kind"] for one in found if "kind" in one]


@pytest.mark.parametrize("lines_only", [True, False])
def test_folds_keep_to_what_the_editor_can_do(start: Start, lines_only: bool) -> None:
    """Characters are only sent to an editor that folds within lines, and no more folds than it wants, the largest."""
    folding: dict[str, Any] = {"lineFoldingOnly": lines_only, "rangeLimit": 2}
    editor = start({"T.md": FOLDED}, capabilities={"textDocument": {"foldingRange": folding}})
    editor.open("T.md")
    found = editor.ask("textDocument/foldingRange", {"textDocument": {"uri": editor.uri("T.md")}})
    assert [(3, 20), (5, 9)] == [(one["startLine"], one["endLine"]) for one in found]
    assert [None if lines_only else 3] == [one.get("startCharacter") for one in found][:1]


def test_links_ids_and_tags_have_colours(start: Start) -> None:
    """A link has the colour of a class, its ID that of a number, a dangling one that of a variable, and a tag that of a decorator."""
    editor = start(NOTES, "vscode-1.82")
    editor.open(OWN)
    found = show_tokens(editor, OWN)
    assert [("class", "[["), ("number", "202401010001"), ("class", "]]"), ("number", "202401010001"), ("class", " Trust is slow")] == found[
        :5
    ]
    assert [("variable", "[[nowhere]]"), ("decorator", "#tag")] == found[-2:]
    assert found[:5] == show_tokens(editor, OWN, {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 40}})[:5]
    last = {"start": {"line": 4, "character": 100}, "end": {"line": 9, "character": 0}}
    assert [("variable", "[[nowhere]]"), ("decorator", "#tag")] == show_tokens(editor, OWN, last)[-2:]


def test_old_titles_are_crossed_out(start: Start) -> None:
    """Words of a link that are a former title of its note are marked as deprecated."""
    title = "202104291526 Make the hard decisions"
    editor = start({f"{title}.md": f"# {title}\n", "X.md": "- 202104291526 Make hard decisions early\n"}, "vscode-1.82")
    editor.open("X.md")
    data = editor.ask("textDocument/semanticTokens/full", {"textDocument": {"uri": editor.uri("X.md")}})["data"]
    assert [[0, 2, 12, 3, 0], [0, 12, 26, 0, 1]] == [data[:5], data[5:]]


def test_nothing_is_drawn_into_a_huge_text(start: Start) -> None:
    """In a text of more than two megabytes, links are looked at only where somebody asks, and folds and outline are there."""
    text = "# X\n\n## Y\n\n[[202401010001]] [[nowhere]]\n" + "some words\n" * 200_000
    editor = start(NOTES, "vscode-1.82")
    editor.open("X.md", text)
    document = {"textDocument": {"uri": editor.uri("X.md")}}
    assert None is editor.ask("textDocument/semanticTokens/full", document)
    assert None is editor.ask("textDocument/inlayHint", {**document, "range": WHOLE})
    assert [] == editor.ask("textDocument/diagnostic", document)["items"]
    assert 2 == len(editor.ask("textDocument/foldingRange", document))
    assert TRUST == editor.path(editor.at("definition", "X.md", 4, 4)[0]["targetUri"])


def test_document_in_no_notebook_is_drawn(start: Start) -> None:
    """In a document that is in no notebook, what can be told from its text is drawn: folds, tags and links to its own headings."""
    editor = start(NOTES, "vscode-1.82")
    uri = "untitled:one"
    text = "# A\n\n[x](#b) [[elsewhere]] #tag\n\n## B\n\nText.\n"
    editor.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "markdown", "version": 1, "text": text}})
    document = {"textDocument": {"uri": uri}}
    assert 2 == len(editor.ask("textDocument/foldingRange", document))
    assert [] == editor.ask("textDocument/inlayHint", {**document, "range": WHOLE})
    assert [2, 0, 7, 0, 0, 0, 22, 4, 2, 0] == editor.ask("textDocument/semanticTokens/full", document)["data"]
