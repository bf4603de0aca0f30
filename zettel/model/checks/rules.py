"""The check of a person's own rules."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.check import Facts
from zettel.model.note import Problem

CONFIG = ".zettel/config.toml"


def broken(facts: Facts) -> Iterator[Problem]:
    """Notes for which a rule does not hold; and rules about a tag that no note has, where one is there that is nearly the same."""
    if not facts.rules:
        return
    from zettel.model.meant import Meant
    from zettel.model.ruling import fault

    meant = Meant(facts)
    for rule in facts.rules:
        for name in rule.which.tagged:
            if not meant.tagged(name) and (near := meant.nearest_tag(name)):
                yield Problem(CONFIG, "rule", f'no note is tagged {name}, as in the rule "{rule.text}"', hint=f'did you mean "{near}"?')
        for path in sorted(meant.fitting(rule.which)):
            found = fault(meant, facts.notes[path], rule.demand)
            if found:
                yield Problem(path, "rule", f'{found.what}, against the rule "{rule.text}"', found.line, hint=found.todo)
