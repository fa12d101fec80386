"""Checking: which lines may go on, and whether the file as a whole is to be believed."""

from sverka.checking.judge import Checked, check

__all__ = ["Checked", "check"]
