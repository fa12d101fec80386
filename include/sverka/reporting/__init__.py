"""Reporting: the daily discrepancy report as HTML, XLSX and JSON."""

from sverka.reporting.collect import collect
from sverka.reporting.daily import Daily
from sverka.reporting.publish import Published, publish
from sverka.reporting.text import as_text

__all__ = ["Daily", "Published", "as_text", "collect", "publish"]
