"""Payouts: is the money of a report in the bank? One movement pays for one payout, or for none."""

from sverka.payouts.bank import note_statement, rematch
from sverka.payouts.claims import claim

__all__ = ["claim", "note_statement", "rematch"]
