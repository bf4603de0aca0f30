"""Check the rules from the setting check.rules."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.check import Facts
from zettel.model.note import Problem

CONFIG = ".zettel/config.toml"


def broken(facts: Facts) -> Iterator[Problem]:
    """Report notes that break a rule, and rules about a tag that no note has if there is a tag with nearly the same name."""
    if not facts.rules:
        return
    from zettel.model.meant import Meant
    from zettel.model.ruling import fault

    subject = Meant(facts)
    for rule in facts.rules:
        for name in rule.which.tagged:
            if not subject.tagged(name) and (near := subject.nearest_tag(name)):
                yield Problem(
                    CONFIG, "rule", f'no note is tagged {name}, which the rule "{rule.text}" names', hint=f'did you mean "{near}"?'
                )
        for path in sorted(subject.fitting(rule.which)):
            found = fault(subject, facts.notes[path], rule.demand)
            if found:
                yield Problem(path, "rule", f'{found.what}, against the rule "{rule.text}"', found.line, hint=found.todo)
