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
_VAGUE_TEXT = """
say says said saying tell tells told telling ask asks asked asking call calls called calling mean means meant meaning know knows knew known
think thinks thinking look looks looked looking see sees seen saw seeing seem seems seemed go goes going gone went come comes came coming get gets
getting give gives gave given giving take takes took taken taking put puts putting keep keeps kept keeping find finds found finding want wants
wanted try tries tried trying begin begins began become becomes became happen happens happened happening leave leaves left turn turns turned
turning bring brings brought show shows showed shown hold holds held stand stands stood sit sits sat stay stays stayed bring hope hopes hoped hoping
notice notices noticed feel feels felt hear hears heard run runs ran
back here ahead away else ever instead rather quite perhaps maybe almost already always often sometimes soon later early earlier ago together apart
along around across against beyond within toward towards though although however therefore thus hence whether since unless upon among whose anyone
anybody everyone everybody nobody anything everything anywhere everywhere somewhere nowhere enough several various
kind kinds sort sorts way ways case cases fact point points part parts lot lots bit bits rest number numbers example examples place places side
sides end ends matter matters item items stuff area areas level levels type types form forms piece pieces business home people
person men women guy guys
time times moment moments second seconds minute minutes hour hours noon midnight morning evening afternoon night today tonight yesterday tomorrow
weekend weeks days months years quarters decade late
three four five six seven eight nine ten eleven twelve hundred thousand million dozen twice third fourth half
good better best bad worse worst big bigger large larger small smaller little great old young long longer short shorter high higher low lower easy
easier real true ours theirs mine yours needed needing doing done having being letting made making used using right wrong sure able likely possible different similar main whole entire full another open nice fine odd silly far near close lost exist exists existed existing holding hurt hurts correct favour favor
add adds added adding start starts started starting stop stops stopped stopping move moves moved moving change changes changed changing meet meets met
"""
ENGLISH_STOP_WORDS = frozenset(_ENGLISH_TEXT.split())
STOP_WORDS = ENGLISH_STOP_WORDS | frozenset(_GERMAN_TEXT.split())
"""English and German stop words. Some German ones are English words with a meaning: war, die, man."""

GENERIC_WORDS = ENGLISH_STOP_WORDS | frozenset(["note", "notes", "page", "untitled", "readme", "index", "todo", "misc"])
"""Words that do not make a title, not even several of them together."""

CALENDAR_WORDS = frozenset(_CALENDAR_TEXT.split())

VAGUE_WORDS = frozenset(_VAGUE_TEXT.split())
"""English words that may be rare in a notebook and yet say nothing of what a note is about."""
