"""Checking: Great Expectations suites made from the schema decide what is accepted."""
