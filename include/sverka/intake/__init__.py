"""Intake: notice a file, wait until it is whole, archive its bytes by hash, never take it twice."""
