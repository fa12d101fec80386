"""Parsing: recognised rows to canonical reports and lines."""
