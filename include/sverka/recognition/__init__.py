"""Recognition: which courier schema fits the raw tables."""

from sverka.recognition.drift import Drift
from sverka.recognition.recognise import Recognised, recognise
from sverka.recognition.schemas import Schemas

__all__ = ["Drift", "Recognised", "Schemas", "recognise"]
