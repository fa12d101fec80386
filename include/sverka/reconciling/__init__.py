"""Reconciling: lines against the snapshot, one set-based pass, every verdict names its rule."""

from sverka.reconciling.reconcile import reconcile, reconcile_in

__all__ = ["reconcile", "reconcile_in"]
