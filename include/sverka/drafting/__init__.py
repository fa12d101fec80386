"""Drafting: a schema for a layout that nobody described, for a person to confirm."""

from sverka.drafting.draft import Draft, Placed, Question, Unplaced
from sverka.drafting.drafting import draft
from sverka.drafting.proposing import propose

__all__ = ["Draft", "Placed", "Question", "Unplaced", "draft", "propose"]
