"""Check the rules from the setting check.rules."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.check import NotebookFacts
from zettel.model.note import Problem

CONFIG_PATH = ".zettel/config.toml"


def find_broken_rules(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes that break a rule, and rules about a tag that no note has if there is a tag with nearly the same name."""
    if not facts.rules:
        return
    from zettel.model.meant import RuleMatcher
    from zettel.model.ruling import find_fault

    subject = RuleMatcher(facts)
    for rule in facts.rules:
        for name in rule.selector.tagged:
            if not subject.find_tagged(name) and (near := subject.find_nearest_tag(name)):
                yield Problem(
                    CONFIG_PATH, "rule", f'no note is tagged {name}, which the rule "{rule.text}" names', hint=f'did you mean "{near}"?'
                )
        for path in sorted(subject.find_matching(rule.selector)):
            found = find_fault(subject, facts.notes[path], rule.condition)
            if found:
                yield Problem(path, "rule", f'{found.message}, against the rule "{rule.text}"', found.line, hint=found.hint)
