"""Charts of the daily report: where a person would rather look than read."""

from sverka.reporting.charts.drawing import Bars, Chart, Columns
from sverka.reporting.charts.pictures import charts

__all__ = ["Bars", "Chart", "Columns", "charts"]
