"""Parsing: recognised rows to canonical reports and lines."""

from sverka.parsing.parse import parse
from sverka.parsing.parsed import IgnoredRows, ParsedReport, RejectedRow

__all__ = ["IgnoredRows", "ParsedReport", "RejectedRow", "parse"]
