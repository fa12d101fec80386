"""Snapshot: the mirror of MoySklad in Sverka's database."""
