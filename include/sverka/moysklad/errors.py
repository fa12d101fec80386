"""What a request to MoySklad can end in, told apart by what has to happen next.

The texts are Russian: they are stored with a posting and read by an accountant.
"""

from sverka.errors import SverkaError, TryLater


class Terminal(SverkaError):
    """MoySklad refused the request as a whole (4xx); nothing of it was done.

    Repeating it unchanged cannot help and is what MoySklad bans users for. `status` is the HTTP
    status, `code` MoySklad's own error code where it gave one.
    """

    def __init__(self, message: str, *, status: int, code: int | None = None) -> None:
        self.status = status
        self.code = code
        super().__init__(message)


class Transient(TryLater):
    """Nothing was done, and the same request may be sent again after `seconds`."""


class Unsure(SverkaError):
    """A write was sent and its outcome is unknown: look the documents up, never send again blindly.

    After a `save` of several chunks it also stands for "a part is saved": whatever ended a later
    chunk, the earlier ones are in the books.
    """
