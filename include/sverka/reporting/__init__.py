"""Reporting: the daily discrepancy report as HTML, XLSX and JSON."""
