"""Where the rules of a file come from: the schema it was read with, learned ones included."""

from sverka.errors import Misconfigured
from sverka.recognition.schema import Schema
from sverka.services import Services


def schema_of(services: Services, code: str) -> Schema:
    """The schema of this code.

    Raises:
        Misconfigured: it is not there any more, or cannot be read.
    """
    from sverka.recognition.known import known

    schemas, _ = known(services)
    if code not in schemas.by_code:
        raise Misconfigured(
            f"there is no courier schema {code!r}, with which a file was read; "
            f"known: {', '.join(schemas.by_code)}"
        )
    return schemas.by_code[code]
