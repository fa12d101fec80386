"""What the delivery of an order cost and what was left of it, worked out from what was booked.

docs/economics.md defines every figure; nothing that is only planned is counted.
"""

from sverka.economics.refresh import catch_up, refresh

__all__ = ["catch_up", "refresh"]
