"""Schemas are data: a bad one fails when it is loaded, with its file and the place in it."""

import shutil
from pathlib import Path

import pytest

from sverka.errors import Misconfigured
from sverka.recognition import Schemas
from sverka.recognition.texts import folded, header_key
from sverka.settings import INCLUDE

FOLDER = INCLUDE / "courier_schemas"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "schemas"))


def test_every_schema_of_the_project_loads_and_names_its_sources(schemas: Schemas) -> None:
    assert {"dalli_money_act", "cdek_cod_registry", "yandex_netting", "cod_register"} <= set(
        schemas.by_code
    )


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("version: 1", "version: one", "version"),
        ("schema: dalli_money_act", "schema: dalli", "schema"),
        ("  kind: documented", "  kind: rumour", "provenance.kind"),
        ("  payout: transfer", "  payout: transfers", "line.payout"),
        ("  payout: transfer", "  paid: transfer", "line"),
        ("  payout: transfer", "  payout: order", "not money"),
        ("sign: zero", "sign: none", "sign"),
        ("{price: {sign: positive}}", "{prise: {sign: positive}}", "rules.1.when.prise"),
        ("identity: [report_no", "identity: [act_no", "identity"),
        ("require: [track", "require: [trakc", "layout.tree.require.0"),
        ("outcome: delivered", "outcome: done", "outcome"),
        ("version: 1", "version: 1\nversion: 2", "twice"),
        ("version: 1", "version: 1\nextra: 2", "extra"),
        ("title: Dalli", "title: [", "YAML"),
    ],
)
def test_a_bad_schema_is_named_with_its_place(folder: Path, old: str, new: str, place: str) -> None:
    path = folder / "dalli_money_act.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Misconfigured) as bad:
        Schemas.load(folder)
    assert str(bad.value).startswith("dalli_money_act.yaml")
    assert place in str(bad.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("(?P<value>[^\\s,;]+)'", "([^\\s,;]+)'", "value"),
        ("(?P<value>[^\\s,;]+)'", "(?P<value>[^\\s,;]+'", "report_no"),
        ("vocabulary: outcomes", "vocabulary: results", "results"),
        ("  order: {as: id}", "  orders: {as: id}", "no headers"),
    ],
)
def test_a_bad_table_schema_is_named_with_its_place(
    folder: Path, old: str, new: str, words: str
) -> None:
    path = folder / "cod_register.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Misconfigured, match=rf"cod_register\.yaml.*{words}"):
        Schemas.load(folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    - Трек-номер\n", "    - Трек-номер\n    - Номер заказа\n", "both order and track"),
        ("    - Утрата\n", "    - Утрата\n    - Доставлен\n", "two meanings"),
        ("  lost:\n", "  gone:\n", "no meaning 'gone'"),
    ],
)
def test_a_word_with_two_meanings_is_found(folder: Path, old: str, new: str, words: str) -> None:
    path = folder / "vocabulary.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Misconfigured, match=rf"^vocabulary\.yaml, line \d+: .*{words}"):
        Schemas.load(folder)


def test_a_folder_without_schemas_is_a_mistake(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "vocabulary.yaml", tmp_path)
    with pytest.raises(Misconfigured, match="no courier schema"):
        Schemas.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("№ заказа", "номер заказа"),
        ("N  заказа:", "номер заказа"),
        ("Номер\nзаказа", "номер заказа"),
        ("К перечислению, руб.", "к перечислению"),
        ("К перечислению (руб.)", "к перечислению"),
        ("Сумма НП, ₽", "сумма нп"),
        ("Наложенный\u00a0платёж ", "наложенный платеж"),
        ("Трек—номер", "трек-номер"),
        ("Стоимость &quot;доставки&quot;", 'стоимость "доставки"'),
        ("SHOP_ORDER_ID", "shop_order_id"),
        ("Рубашка", "рубашка"),
    ],
)
def test_a_header_has_one_key(text: str, key: str) -> None:
    assert header_key(text) == key
    assert header_key(key) == key


def test_words_are_compared_without_case_and_extra_spaces() -> None:
    assert folded(" Вручён  ПОЛУЧАТЕЛЮ ") == "вручен получателю"
