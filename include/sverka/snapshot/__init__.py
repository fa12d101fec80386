"""Snapshot: a mirror of the shop's orders, demands and returns in MoySklad."""

from sverka.snapshot.mirror import Mirrored, mirror

__all__ = ["Mirrored", "mirror"]
