"""Define the diagnoses of `zettel doctor`."""

from __future__ import annotations

from zettel.model.base.value import value

OK, NOTICE, FAULT = "ok", "notice", "fault"
"""The states of a diagnosis: all is well, something is worth knowing, something does not work."""


@value
class Diagnosis:
    """One thing that was looked at: its area and name, what it is like, and if all is not well, what to do about it."""

    area: str
    name: str
    text: str
    state: str = OK
    hint: str = ""
