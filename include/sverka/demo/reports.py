"""The files that couriers send to the demo shop, and what must come of them."""

from sverka.demo.acts import cdek_files, dalli_files
from sverka.demo.expected import Expected, ExpectedFile, Fate
from sverka.demo.market import yandex_files
from sverka.demo.registers import gorod_files
from sverka.demo.things import Shop
from sverka.demo.workbooks import Cell, workbook
from sverka.money import to_major

REPEATED = "Городской курьер реестр 118.xlsx"
COPY = "Копия Городской курьер реестр 118.xlsx"
PRICE_LIST = "Прайс-лист.xlsx"


def demo_reports(shop: Shop) -> dict[str, bytes]:
    """File name → bytes, in the order in which they arrive; the same for the same shop."""
    return {name: data for name, (data, _) in _files(shop).items()}


def expected(shop: Shop) -> Expected:
    """What must come of `demo_reports(shop)` when the files are taken in their order."""
    return Expected(tuple(file for _, file in _files(shop).values()))


def _files(shop: Shop) -> dict[str, tuple[bytes, ExpectedFile]]:
    files = {
        **dalli_files(shop),
        **cdek_files(shop),
        **yandex_files(shop),
        **gorod_files(shop),
    }
    repeated, _ = files[REPEATED]
    return {
        **files,
        COPY: (repeated, ExpectedFile(COPY, Fate.REPEATED, "gorod")),
        PRICE_LIST: (_price_list(shop), ExpectedFile(PRICE_LIST, Fate.NO_REPORT)),
    }


def _price_list(shop: Shop) -> bytes:
    """A table with money that somebody dropped into the wrong folder."""
    rows: list[list[Cell]] = [[p.code, p.name, to_major(p.price)] for p in shop.products]
    return workbook({"Прайс": [["Артикул", "Товар", "Цена, руб."], *rows]})
