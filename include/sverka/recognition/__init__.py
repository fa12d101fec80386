"""Recognition: which courier schema fits the raw tables."""

from sverka.recognition.recognise import Recognised, recognise
from sverka.recognition.schemas import Schemas

__all__ = ["Recognised", "Schemas", "recognise"]
