"""All schemas of this installation with the words they share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sverka.errors import Misconfigured
from sverka.recognition.loading import load_schema
from sverka.recognition.schema import Schema
from sverka.recognition.vocabulary import Vocabulary, load_vocabulary

VOCABULARY = "vocabulary.yaml"


@dataclass(frozen=True, slots=True)
class Schemas:
    """The known layouts, by code."""

    by_code: dict[str, Schema]
    vocabulary: Vocabulary

    @classmethod
    def load(cls, folder: Path) -> "Schemas":
        """Reads every `*.yaml` of the folder.

        Raises:
            Misconfigured: a file is bad or there is no schema at all.
        """
        vocabulary = load_vocabulary(folder / VOCABULARY)
        found = [
            load_schema(path, vocabulary)
            for path in sorted(folder.glob("*.yaml"))
            if path.name != VOCABULARY
        ]
        if not found:
            raise Misconfigured(f"{folder}: there is no courier schema")
        return cls({schema.code: schema for schema in found}, vocabulary)

    def __iter__(self) -> Iterator[Schema]:
        return iter(self.by_code.values())

    def plus(self, schemas: Iterable[Schema]) -> "Schemas":
        """These layouts and more: one of an already known code takes its place."""
        return Schemas(self.by_code | {schema.code: schema for schema in schemas}, self.vocabulary)
