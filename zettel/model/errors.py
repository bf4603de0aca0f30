"""Offer the errors under the name that programs written for earlier versions import. Their place is `zettel.model.base.errors`."""

from zettel.model.base.errors import *  # noqa: F403 - whatever is there
