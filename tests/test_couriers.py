"""Couriers: the terms are read whole, and a wrong file is named with what was found in it."""

from dataclasses import replace
from pathlib import Path

import pytest

from sverka.couriers import Couriers, as_yaml, courier_of
from sverka.errors import Misconfigured
from sverka.settings import INCLUDE

GOOD = """\
courier: gorod
title: Городской курьер
names: [Городской курьер, Горкурьер]
counterparty: ООО «Городской курьер»
posting_scheme: gross
inn: "7701234567"
tolerance: 100
approval: clean_lines
dry_run: false
"""


def load(folder: Path, *texts: str) -> Couriers:
    for number, text in enumerate(texts):
        (folder / f"c{number}.yaml").write_text(text, encoding="utf-8")
    return Couriers.load(folder)


def test_the_terms_are_read_as_written(tmp_path: Path) -> None:
    courier = load(tmp_path, GOOD).get("gorod")
    assert (courier.title, courier.posting_scheme) == ("Городской курьер", "gross")
    assert (courier.inn, courier.tolerance, courier.dry_run) == ("7701234567", 100, False)


@pytest.mark.parametrize("suffixes", [None, (), ("-{n}", " {n} из {m}")])
def test_what_stands_around_order_numbers_survives_being_written(
    tmp_path: Path, suffixes: tuple[str, ...] | None
) -> None:
    courier = replace(
        load(tmp_path, GOOD).get("gorod"),
        order_prefixes=("IM-", "МойМагазин"),
        order_suffixes=suffixes,
    )
    assert courier_of(as_yaml(courier), "again") == courier


def test_the_terms_of_watching_survive_being_written(tmp_path: Path) -> None:
    courier = replace(
        load(tmp_path, GOOD).get("gorod"),
        report_days=3,
        transit_days=20,
        calendar="banking",
        track_shapes=("[A-Z][0-9]{7}", "(GK|GL)-[0-9]+"),
    )
    assert courier_of(as_yaml(courier), "again") == courier


def test_without_a_word_about_it_nothing_is_sent(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD.replace("dry_run: false\n", "")).get("gorod").dry_run is True


def test_all_couriers_of_the_project_load() -> None:
    codes = {courier.code for courier in Couriers.load(INCLUDE / "couriers")}
    assert codes >= {"dalli", "cdek", "yandex_market", "gorod"}


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        (GOOD.replace("tolerance: 100", "tolerance: 1.5"), "tolerance"),
        (GOOD.replace("tolerance: 100", "tolerance: -1"), "tolerance"),
        (GOOD.replace("tolerance: 100", "tolerance: true"), "tolerance"),
        (GOOD.replace('inn: "7701234567"', "inn: 7701234567"), "inn"),
        (GOOD.replace('inn: "7701234567"', 'inn: "77"'), "inn"),
        (GOOD.replace("approval: clean_lines", "approval: maybe"), "approval"),
        (GOOD.replace("dry_run: false", "dry_run: 'no'"), "dry_run"),
        (GOOD.replace("names: [Городской курьер, Горкурьер]", "names: []"), "names"),
        (GOOD + "payout_days: -1\n", "payout_days"),
        (GOOD + "payout_days: true\n", "payout_days"),
        (GOOD + "report_days: -1\n", "report_days"),
        (GOOD + "transit_days: '30'\n", "transit_days"),
        (GOOD + "calendar: lunar\n", "calendar"),
        (GOOD + "track_shapes: A1\n", "track_shapes"),
        (GOOD + "track_shapes: ['[A-']\n", "track_shapes"),
        (GOOD + "track_shapes: ['(?i)a']\n", "track_shapes"),
        (GOOD.replace("title: Городской курьер", "title: ''"), "title"),
        (GOOD + "order_prefixes: IM-\n", "order_prefixes"),
        (GOOD + "order_prefixes: ['2026']\n", "order_prefixes"),
        (GOOD + "order_prefixes: ['-']\n", "order_prefixes"),
        (GOOD + "order_suffixes: ['{n}']\n", "order_suffixes"),
        (GOOD + "order_suffixes: ['-1']\n", "order_suffixes"),
        ("- a list", "mapping"),
        ("a: [", "YAML"),
    ],
)
def test_a_wrong_file_is_named_with_its_place(tmp_path: Path, broken: str, named: str) -> None:
    with pytest.raises(Misconfigured, match=rf"c0\.yaml.*{named}"):
        load(tmp_path, broken)


def test_two_files_for_one_courier_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="same courier"):
        load(tmp_path, GOOD, GOOD)


def test_an_unknown_code_says_which_are_known(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="gorod"):
        load(tmp_path, GOOD).get("boxberry")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Реестр: ГОРОДСКОЙ  КУРЬЕР, ноябрь", "gorod"),
        ("«Горкурьер»", "gorod"),
        ("Горкурьерская служба", None),
        ("Никто", None),
        ("Горкурьер и Далёкий", None),
    ],
)
def test_a_courier_is_found_by_whole_words_and_only_alone(
    tmp_path: Path, text: str, code: str | None
) -> None:
    other = GOOD.replace("gorod", "dal").replace("[Городской курьер, Горкурьер]", "[Далекий]")
    found = load(tmp_path, GOOD, other).named_in(["Лист1", text])
    assert (found.code if found else None) == code


def test_a_corrected_report_is_a_persons_decision_unless_the_terms_say_otherwise(
    tmp_path: Path,
) -> None:
    assert load(tmp_path, GOOD).get("gorod").supersede == "ask"
    assert load(tmp_path, f"{GOOD}supersede: auto\n").get("gorod").supersede == "auto"
    with pytest.raises(Misconfigured, match="supersede must be one of ask, auto; found 'never'"):
        load(tmp_path, f"{GOOD}supersede: never\n")
