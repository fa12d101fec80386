"""Snapshot: a mirror of the shop's orders, demands and returns in MoySklad."""

from sverka.snapshot.mirror import Compared, Mirrored, compare, compare_if_due, mirror

__all__ = ["Compared", "Mirrored", "compare", "compare_if_due", "mirror"]
