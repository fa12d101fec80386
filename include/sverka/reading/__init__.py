"""Reading: bytes to raw tables; the container is told by content, cells stay as the file has them."""

from sverka.reading.raw import RawFile, RawTable
from sverka.reading.read import read

__all__ = ["RawFile", "RawTable", "read"]
