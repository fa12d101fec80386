"""What drafting gives: a schema of a layout nobody described, and how sure each part of it is."""

from dataclasses import dataclass, replace
from hashlib import sha256

from sverka.couriers import Couriers
from sverka.nouns import Settlement
from sverka.parsing.parse import parse
from sverka.parsing.parsed import ParsedReport
from sverka.reading.flattened import flattened
from sverka.reading.raw import RawFile
from sverka.recognition import Schemas, recognise
from sverka.recognition.schema import Schema, TableLayout
from sverka.recognition.vocabulary import Vocabulary

Choice = tuple[str, str]
"""A value of an answer and its Russian label."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A canonical field and the column it is taken from; `confidence` is 0 to 1.

    docs/drafting.md says how a confidence is computed.
    """

    field: str
    column: str
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A column that means nothing to the draft; `money` when it holds amounts."""

    column: str
    why: str
    money: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can say. An answer is one of the values of `choices`."""

    key: str
    text: str
    choices: tuple[Choice, ...]
    proposed: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted schema with its evidence. Nothing is ever posted by it until a person confirms it.

    `schema_text` is the whole of it: lines under the draft are what `recognise` and `parse` give
    with that very text. `certain` says that every equation holds and nothing is asked.
    """

    schema_text: str
    code: str
    columns: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    questions: tuple[Question, ...]
    proofs: tuple[str, ...]
    settlement: Settlement | None
    courier: str | None
    courier_text: str | None
    sheet: str | None
    line_no: int | None
    certain: bool
    vocabulary: Vocabulary

    @property
    def sha256(self) -> str:
        """The digest of `schema_text`: what a person confirms is this text and no other."""
        return sha256(self.schema_text.encode()).hexdigest()

    def schema(self) -> Schema:
        """The drafted schema, loaded."""
        from sverka.recognition.loading import load_schema_text

        return load_schema_text(self.schema_text, f"{self.code}.yaml", self.vocabulary)

    def parsed(self, raw: RawFile, couriers: Couriers, digest: str = "") -> list[ParsedReport]:
        """The reports of the file under this draft; `digest` is the file's sha256.

        Whose they are says the draft, whatever courier the file names.

        Raises:
            Refusal: the file is not this layout.
        """
        schema = self.schema()
        alone = Schemas({schema.code: schema}, self.vocabulary)
        if schema.courier is not None:
            couriers = Couriers({schema.courier: couriers.get(schema.courier)})
        if raw.tree is not None and isinstance(schema.layout, TableLayout):
            raw = replace(raw, tree=None, tables=flattened(raw))
        return parse(raw, recognise(raw, alone, couriers), digest)
