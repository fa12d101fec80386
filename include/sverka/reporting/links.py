"""Where a click on the report leads: Sverka's own pages, and MoySklad."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of Sverka's pages; `public_url` is the Airflow UI as people open it.

    Without one the report lies on the pages' own server, two folders deep, and links are relative
    to it (`/sverka/report/<day>/otchet.html`).
    """

    public_url: str

    @property
    def pages(self) -> str:
        """The folder of Sverka's pages, without a slash at its end."""
        return f"{self.public_url.rstrip('/')}/sverka" if self.public_url else "../.."

    def order(self, order_id: str | None) -> str | None:
        """The page of an order."""
        return f"{self.pages}/orders/{order_id}" if order_id else None

    def file(self, file_id: int) -> str:
        """The page of a file."""
        return f"{self.pages}/files/{file_id}"

    def row(self, file_id: int | None, ordinal: int | None, line_id: int | None) -> str | None:
        """The page of a file's rows that begins with this one; the file's page without a row.

        The page goes on behind the last row that was seen, so the row before is named.
        """
        if file_id is None:
            return None
        if ordinal is None or line_id is None:
            return self.file(file_id)
        return f"{self.file(file_id)}/lines?after={ordinal}.{line_id - 1}"

    def run(self, run_id: str | None) -> str:
        """The run of `settle_report` that claimed a file, in the Airflow 3 UI."""
        if not run_id or not self.public_url:
            return ""
        ui = self.public_url.rstrip("/")
        return f"{ui}/dags/settle_report/runs/{quote(run_id, safe='')}"


def web(address: str | None) -> str | None:
    """The address when it is one of the web; whatever else a stored text may be is no link."""
    return address if address and urlsplit(address).scheme in {"http", "https"} else None
