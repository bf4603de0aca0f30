"""Test how the IDs in the sentence around a link give way to labels and titles."""

from __future__ import annotations

import pytest

from zettel.model.link.hide_ids import hide_ids

A, B = "202401010001", "20240101000200"
TITLES = {A: "Oven", B: "Rye bread"}


@pytest.mark.parametrize(
    ("sentence", "mark", "wanted"),
    [
        (f"Heat {A} Oven.", f"{A} Oven", "Heat |Oven|."),
        (f"Heat {A} the stove.", f"{A} the stove", "Heat |the stove|."),
        (f"Heat §{A} now.", f"§{A}", "Heat |Oven| now."),
        (f"The oven ({A}) is hot.", A, "The |oven| is hot."),
        (f"Oven [{A}].", A, "|Oven|."),
        (f"{B} Rye bread needs the oven.", "oven", "Rye bread needs the |oven|."),
        (f"Bake {B} in the oven.", "oven", "Bake Rye bread in the |oven|."),
        (f"Rye bread ({B}) in the oven, {B}.", "oven", "Rye bread in the |oven|, Rye bread."),
        (f"{B} loaves in the oven.", "oven", "loaves in the |oven|."),
        ("Call 202401010009 about the oven.", "oven", "Call 202401010009 about the |oven|."),
        (f"Digits{A}9 and 1{A} at the oven", "oven", f"Digits{A}9 and 1{A} at the |oven|"),
        (f"[[{A}]]", f"[[{A}]]", "|[[Oven]]|"),
    ],
)
def test_ids_give_way_to_words(sentence: str, mark: str, wanted: str) -> None:
    """An ID is left out before a label and beside its title, the title takes its place elsewhere, and other numbers stay."""
    start = sentence.index(mark)
    labelled = {B} if "loaves" in sentence else set()
    assert wanted == "|".join(hide_ids(sentence, (start, start + len(mark)), TITLES[A], TITLES, labelled))
