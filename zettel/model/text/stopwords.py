"""List stop words, generic title words and calendar words."""

from __future__ import annotations

_ENGLISH_TEXT = (
    "a about after again all also am an and any are aren't as at be because been before being between both but by can can't could did"
    " do does doesn't doing don't down each even every few first for from get had has have he her here him his how i if in into is isn't"
    " it it's its just last less let like made make makes many may me more most much must my need needs never new no nor not nothing now of"
    " off on once one only or other our out over own per s same see set she should so some somebody someone something still such t take"
    " than that that's the their them then there these they thing things this those through to too two under until up us use used using"
    " very via vs was way we well were what what's when where which while who whom why will with within without would yes yet you your"
)
_GERMAN_TEXT = (
    "aber als am an auch auf aus bei beim bin bis da damit das dass dein dem den der des die dies diese dieser dieses doch dort du durch"
    " ein eine einem einen einer eines er es für fur gegen haben hat hier ich ihr im in ist ja jede jeder kann kein keine man mehr mein"
    " mit nach nicht noch nur ob oder ohne sein sich sie sind so über uber um und uns unter viel vom von vor war warum was wenn wer wie"
    " wird wir wo zu zum zur zwei zwischen"
)
_CALENDAR_TEXT = """
january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec
monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
week day month year quarter daily weekly
"""
ENGLISH_STOP_WORDS = frozenset(_ENGLISH_TEXT.split())
STOP_WORDS = ENGLISH_STOP_WORDS | frozenset(_GERMAN_TEXT.split())
"""English and German stop words. Some German ones are English words with a meaning: war, die, man."""

GENERIC_WORDS = ENGLISH_STOP_WORDS | frozenset(["note", "notes", "page", "untitled", "readme", "index", "todo", "misc"])
"""Words that do not make a title, not even several of them together."""

CALENDAR_WORDS = frozenset(_CALENDAR_TEXT.split())
