"""The tree, its names and its language: what can be tested of the house style."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.conftest import ROOT

PACKAGE = ROOT / "zettel"
MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(file.read_text(encoding="utf-8"))
    for file in sorted(PACKAGE.rglob("*.py"))
}
PROSE = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]

IRREGULAR = frozenset(
    re.findall(
        r"\w+",
        "begun bought brought built chosen done drawn found given gone held hidden kept known left lost made meant met said seen sent shown"
        " spoken taken thrown told woken worn written",
    )
)
"""Participles that do not end in -ed, as far as they are not the verb itself (`read`, `put`, `split`)."""

GERUNDS_THAT_ARE_NOUNS = {
    "zettel.adapters.encoding",
    "zettel.model.browse.listing",
    "zettel.model.edit.rename_heading",
    "zettel.model.note.heading",
    "zettel.services.rename_heading",
    "zettel.views.graph_drawing",
}
VERBS_IN_ED = frozenset(("embed", "exceed", "feed", "need", "needs", "proceed", "seed", "shed", "succeed"))

IS_NO = re.compile(r"\b(?:is|are|was|were) no (?!longer|more|less|fewer)[a-z]+")
"""Not "there is no", which says that something is absent."""

HEADLESS = re.compile(r"(?:What|Which|Where|That|How|Who|Whose|Why)\b")


def list_imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules of zettel that a module imports, at its top, in functions or for types only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "zettel":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


def find_cycle(imports: dict[str, set[str]]) -> list[str]:
    """Return the modules of a cycle in the order of their imports, or an empty list."""
    done: set[str] = set()

    def visit(module: str, above: list[str]) -> list[str]:
        if module in above:
            return [*above[above.index(module) :], module]
        if module in done:
            return []
        found = next(filter(None, (visit(other, [*above, module]) for other in sorted(imports.get(module, ())))), [])
        done.add(module)
        return found

    return next(filter(None, (visit(module, []) for module in sorted(imports))), [])


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    """The import graph has no cycle, imports for types and inside functions included. Only the package itself looks up its API on first use."""
    imports = {module: set(list_imports(tree)) - {module} for module, tree in MODULES.items() if module != "zettel"}
    for others in imports.values():
        others.discard("zettel")
    assert [] == find_cycle(imports)


def test_a_cycle_is_found() -> None:
    """The search for cycles finds one, also behind modules that lead nowhere."""
    assert ["b", "c", "b"] == find_cycle({"a": {"d", "b"}, "b": {"c"}, "c": {"b"}, "d": set()})
    assert [] == find_cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()})


def list_types(tree: ast.Module) -> Iterator[str]:
    """Yield the public classes and type aliases of a module."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and re.match(r"[A-Z][a-z]\w*\Z", node.targets[0].id):
            yield node.targets[0].id
        elif isinstance(node, ast.If):  # aliases for type checkers only
            yield from list_types(ast.Module(node.body, []))


def test_no_two_types_share_a_name() -> None:
    """Each public class and type alias has a name of its own; the API's `Notebook` included."""
    homes = defaultdict(set)
    for module, tree in MODULES.items():
        for name in list_types(tree):
            if not name.startswith("_"):
                homes[name].add(module)
    assert {} == {name: modules for name, modules in homes.items() if len(modules) > 1}


def is_participle(name: str) -> bool:
    """Return whether a function's name is a participle, or begins with one: `linked`, `told`, `taken_ids`."""
    first = name.strip("_").split("_")[0]
    if first in ("is", "has", "have", "can", "may", "needs", "are", "test"):
        return False
    return first in IRREGULAR or (first.endswith("ed") and first not in VERBS_IN_ED)


def list_functions(module: str, tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Yield all functions and methods of a module that are named by the house: not properties, and not the typer app's commands."""
    for node in ast.walk(tree):
        is_command = module == "zettel.cli.app" and isinstance(node, ast.FunctionDef) and f"zettel.commands.{node.name}" in MODULES
        if (
            isinstance(node, ast.FunctionDef)
            and not is_command
            and not any("property" in ast.unparse(mark) for mark in node.decorator_list)
        ):
            yield node


def test_functions_are_verbs() -> None:
    """No function or method is named by a participle."""
    assert ["linked", "told", "_shown", "taken_ids"] == [
        name for name in ("linked", "told", "_shown", "taken_ids", "is_linked", "embed", "find_linked", "resolve") if is_participle(name)
    ]
    named = [
        f"{module}.{node.name}" for module, tree in MODULES.items() for node in list_functions(module, tree) if is_participle(node.name)
    ]
    assert [] == named


def test_modules_are_nouns() -> None:
    """No module or folder is named by a gerund."""
    assert GERUNDS_THAT_ARE_NOUNS == {module for module in MODULES if module.endswith("ing")}


def list_texts(trees: Iterable[tuple[str, ast.Module]]) -> Iterator[tuple[str, str]]:
    """Yield (where, text) for every string of the code, docstrings included."""
    for module, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{module}:{node.lineno}", node.value


def list_comments() -> Iterator[tuple[str, str]]:
    """Yield (where, text) for the comments of every module, and for every document."""
    for file in sorted(PACKAGE.rglob("*.py")):
        yield file.relative_to(ROOT).as_posix(), "\n".join(re.findall(r"#.*", file.read_text(encoding="utf-8")))
    for file in PROSE:
        yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")


def find_is_no(text: str) -> list[str]:
    """Return each "is no X" of a text that should be "is not a X"; "there is no X" is right."""
    return [match[0] for match in IS_NO.finditer(text) if not re.search(r"[Tt]here\s\Z", text[: match.start()])]


def test_what_is_not_something_is_said_to_be_not_a_something() -> None:
    """Nothing "is no X": neither in docstrings and messages, nor in comments and documents."""
    assert ["is no list", "are no lines"] == find_is_no(
        "x is no list. There is no x. These are no lines, there are no lines, it is no longer."
    )
    texts = [*list_texts(MODULES.items()), *list_comments()]
    assert [] == [(where, hit) for where, text in texts for hit in find_is_no(text)]


def test_docstrings_are_sentences() -> None:
    """No function's docstring begins with a clause without a head ("What is said where ...")."""
    functions = [
        (f"{module}.{node.name}", node) for module, tree in MODULES.items() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
    ]
    texts = [(name, ast.get_docstring(node) or "") for name, node in [*MODULES.items(), *functions]]
    assert [] == [(name, text.splitlines()[0]) for name, text in texts if HEADLESS.match(text)]


def test_a_command_is_a_module_with_a_run() -> None:
    """Every module of `commands` has a function `run`, and no command imports another."""
    for module, tree in MODULES.items():
        if module.startswith("zettel.commands."):
            assert any(isinstance(node, ast.FunctionDef) and node.name == "run" for node in tree.body), module
            assert set() == {other for other in list_imports(tree) if other.startswith("zettel.commands.")}, module


def test_run_names_no_command() -> None:
    """A command says in its own module how it is run: `cli/run.py` has no command's name in it."""
    names = {module.rpartition(".")[2].rstrip("_") for module in MODULES if module.startswith("zettel.commands.")}
    assert set() == names & {node.value for node in ast.walk(MODULES["zettel.cli.run"]) if isinstance(node, ast.Constant)}


def test_each_folder_says_what_it_holds() -> None:
    """Every folder of the package is named in ARCHITECTURE.md."""
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = {Path(file.parent).relative_to(PACKAGE).as_posix() for file in PACKAGE.rglob("*.py")} - {"."}
    assert [] == sorted(folder for folder in folders if f"{folder.rpartition('/')[2]}/" not in page)
