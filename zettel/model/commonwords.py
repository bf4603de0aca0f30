"""Words that alone, or among themselves, name nothing."""

from __future__ import annotations

_STOP = """
a about after all also am an and any are as at be because been before but by can could did do does each few for from get had has
have he her here him his how i if in into is it its just may me more most much my no nor not now of off on one only or other our
out over own same she should so some such than that the their them then there these they this those through to too two under
until up us very was we were what when where which while who whom why will with would yes you your
note notes page untitled readme index todo misc
"""
_CALENDAR = """
january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec
monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
week day month year quarter daily weekly
"""
STOP = frozenset(_STOP.split())
CALENDAR = frozenset(_CALENDAR.split())
