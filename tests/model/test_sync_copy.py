"""Test that copies made by sync programs are known by their names, and that titles are not taken for such names."""

from __future__ import annotations

import pytest

from zettel.model.note.sync_copy import choose_original, list_originals

SURE_MARKS = (
    " (Jo's conflicted copy 2025-01-31)",
    " (Jo (work)'s conflicted copy 2025-01-31 (1))",
    " (conflicted copy 2025-01-31 081500)",
    " (Conflicted copy Pixel 8 202501310815)",
    " (Jos in Konflikt stehende Kopie 2025-01-31)",
    " (In Konflikt stehende Kopie von Jo 2025-01-31)",
    " (Copie en conflit de Jo 2025-01-31)",
    " (Copia en conflicto de Jo 2025-01-31)",
    " (Copia conflictiva de Jo 2025-01-31)",
    " (copia in conflitto di Jo 2025-01-31)",
    " (Cópia em conflito de Jo 2025-01-31)",
    " (Conflicterende kopie van Jo 2025-01-31)",
    " (kopia powodująca konflikt użytkownika Jo 2025-01-31)",
    " (Motstridende kopi fra Jo 2025-01-31)",
    " (Конфликтующая копия пользователя Jo 2025-01-31)",
    " (Jo の競合コピー 2025-01-31)",
    " (Jo 的冲突副本 2025-01-31)",
    " (Jo 的衝突複本 2025-01-31)",
    " (Jo의 충돌된 사본 2025-01-31)",
    " (Case Conflict)",
    " (Unicode Encoding Conflict 1)",
    " (SFConflict jo@example.com 2025-01-31-08-15-00)",
    " (conflicted)",
    " [conflicted]",
    " [conflicted 2]",
    ".sync-conflict-20250131-081500-QWERTY7",
    "_conflict-20250131-081500",
    ".Conflict",
    ".sync.Conflict",
    " conflicted copy 2",
    " - Konfliktkopie",
    "_NAS_Jan-31-0815-2025_Conflict",
    "_BASE_4711",
    "_REMOTE_4711",
    ".variant-1f3a",
    " (# Name clash 2025-01-31 Qx7 #)",
    " (copy: conflict #1 on 2025-01-31)",
)
UNSURE_MARKS = (
    " 2",
    " 12",
    " (1)",
    "(3)",
    " copy",
    " copy 2",
    " - Copy",
    " - Copy (2)",
    " - Kopie",
    " – kopia",
    " Kopie 3",
    " - コピー",
    "のコピー",
    "-OFFICE7",
    "-JO-PC",
    "-Jos-MacBook-Air",
    " (my conflict)",
    "-conflict",
    " conflict 2025-01-31",
)
TITLES = (
    " (of interest)",
    " 2025-01-31",
    "-v2",
    " MVP",
    " (second edition)",
    " and photocopyists",
    " in 100",
    " (2024)",
    " 1",
    "-2025-01-31T08-15-00Z",
    "-A--",
    "_base_2",
    "_local_1",
    "_backup_20250131",
    ".variant-dark",
)


@pytest.mark.parametrize("mark", SURE_MARKS)
@pytest.mark.parametrize("name", ["202501310800 Delegation", "Delegation"])
def test_marks_of_sync_programs_are_sure(name: str, mark: str) -> None:
    """What a sync program puts behind a name is enough to know a copy, with an ID and without one."""
    path = f"people/{name}{mark}.md"
    assert {f"people/{name}.md": True}.items() <= dict(list_originals(path)).items()
    assert f"people/{name}.md" == choose_original(path, None, {f"people/{name}.md": None}, [])


@pytest.mark.parametrize("mark", UNSURE_MARKS)
def test_marks_that_may_belong_to_a_title_need_the_same_id(mark: str) -> None:
    """A number, a word or a computer's name marks a copy only if the note beside it has the same ID."""
    path, original = f"Delegation{mark}.md", "Delegation.md"
    assert (original, False) in list_originals(path)
    assert original == choose_original(path, "202501310800", {original: "202501310800"}, [])
    assert None is choose_original(path, "202501310801", {original: "202501310800"}, [])
    assert None is choose_original(path, None, {original: None}, [])


@pytest.mark.parametrize("ending", TITLES)
def test_titles_are_not_marks(ending: str) -> None:
    """A name that only begins like another one is not that of a copy."""
    assert "Delegation.md" not in dict(list_originals(f"Delegation{ending}.md"))


def test_words_before_a_name_can_mark_a_copy() -> None:
    """Some programs put the mark before the name."""
    assert {"202501310800 Delegation.md": False} == dict(list_originals("Kopie von 202501310800 Delegation.md"))


def test_copy_of_a_copy_belongs_to_the_original() -> None:
    """The original of a copy of a copy is the note without any mark, if there is one."""
    first, second = "Delegation (conflicted).md", "Delegation (conflicted) (Jo's conflicted copy 2025-01-31).md"
    assert "Delegation.md" == choose_original(second, None, {first: None, "Delegation.md": None}, [])
    assert first == choose_original(second, None, {first: None}, [])
    assert None is choose_original(first, None, {}, [])


@pytest.mark.parametrize("mark", UNSURE_MARKS)
def test_another_note_of_the_same_minute_is_not_an_original(mark: str) -> None:
    """Two devices may give two notes the same ID. What may belong to a title makes one a copy of the other only if their text is the same."""
    path, other = f"202501310800 Phase{mark}.md", "202501310800 Trust.md"
    assert None is choose_original(path, "202501310800", {}, [path, other])
    assert other == choose_original(path, "202501310800", {}, [path, other], {other}.__contains__)


def test_renamed_original_is_known_by_its_id() -> None:
    """A copy stays one if its original was moved or gets another name, but two copies are not copies of each other."""
    copy, other = "202501310800 Delegation (conflicted).md", "202501310800 Delegation (conflicted 2).md"
    assert "202501310800 Trust.md" == choose_original(copy, "202501310800", {}, [copy, other, "202501310800 Trust.md"])
    assert None is choose_original(copy, "202501310800", {}, [copy, other])
    assert "x/202501310800 Phase 2.md" == choose_original(
        "202501310800 Phase 2 2.md", "202501310800", {}, ["202501310800 Phase 2 2.md", "x/202501310800 Phase 2.md"]
    )
    assert None is choose_original("202501310800 Phase 2.md", "202501310800", {}, ["202501310800 Phase 2.md", copy])
    assert None is choose_original("202501310800 Phase.md", "202501310800", {}, ["202501310800 Trust.md"])
