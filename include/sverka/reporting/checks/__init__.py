"""The page of a file's checks: what was looked at, what did not fit, what the totals say."""

from sverka.reporting.checks.publish import page_path, publish_page

__all__ = ["page_path", "publish_page"]
