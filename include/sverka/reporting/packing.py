"""Makes a saved workbook reproducible: the same data at the same moment is the same bytes."""

import re
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def fixed(workbook: bytes, moment: datetime) -> bytes:
    """The workbook with `moment` for every time that openpyxl took from the machine's clock.

    openpyxl stamps the zip entries and docProps/core.xml when it saves, whatever was set before.
    """
    utc = moment.astimezone(UTC)
    stamp = f"{utc:%Y-%m-%dT%H:%M:%SZ}".encode()
    packed = BytesIO()
    with ZipFile(BytesIO(workbook)) as source, ZipFile(packed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + stamp, data)
            entry = ZipInfo(name, utc.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, data)
    return packed.getvalue()
