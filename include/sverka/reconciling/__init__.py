"""Reconciling: lines against the snapshot, one set-based pass, every verdict names its rule."""
