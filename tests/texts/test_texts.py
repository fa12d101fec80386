"""One catalogue: Russian where it is used, English beside it, nothing missing and nothing extra."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from local.texts import in_code, in_template, texts_of
from sverka import texts
from sverka.money import Minor
from sverka.texts import Language, Texts, _english

PROJECT = Path(__file__).parents[2]
ONE_NOUN = """
msgid "файл"
msgid_plural "файлов"
msgstr[0] "file"
msgstr[1] "files"
"""
RUSSIAN, ENGLISH = Texts(), Texts(Language.ENGLISH)
SPACE = "\u00a0"


@pytest.fixture
def one_noun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue with one noun in place of the project's."""
    catalogue = tmp_path / "en.po"
    catalogue.write_text(ONE_NOUN, encoding="utf-8")
    monkeypatch.setattr(texts, "CATALOGUE", catalogue)
    _english.cache_clear()
    yield
    _english.cache_clear()


@pytest.mark.usefixtures("one_noun")
@pytest.mark.parametrize(
    ("number", "russian", "english"),
    [
        (0, "0 файлов", "0 files"),
        (1, "1 файл", "1 file"),
        (3, "3 файла", "3 files"),
        (11, "11 файлов", "11 files"),
        (21, "21 файл", "21 files"),
        (112, "112 файлов", "112 files"),
        (1234, "1 234 файла", "1,234 files"),
        (-1, "−1 файл", "−1 file"),
    ],
)
def test_nouns_are_counted_in_both_languages(number: int, russian: str, english: str) -> None:
    forms = ("файл", "файла", "файлов")
    assert RUSSIAN.counted(number, *forms).replace(SPACE, " ") == russian
    assert ENGLISH.counted(number, *forms).replace(SPACE, " ") == english


@pytest.mark.parametrize(
    ("amount", "currency", "russian", "english"),
    [
        (123450, "RUB", "1 234,50 ₽", "₽1,234.50"),
        (-5, "RUB", "−0,05 ₽", "−₽0.05"),
        (0, "KZT", "0,00 KZT", "KZT 0.00"),
    ],
)
def test_money_follows_the_language(amount: int, currency: str, russian: str, english: str) -> None:
    assert RUSSIAN.money(Minor(amount), currency).replace(SPACE, " ") == russian
    assert ENGLISH.money(Minor(amount), currency).replace(SPACE, " ") == english


def test_days_follow_the_language_and_the_clock_is_moscows() -> None:
    day, late = date(2026, 11, 20), datetime(2026, 11, 20, 22, 5, tzinfo=UTC)
    assert RUSSIAN.day(day).replace(SPACE, " ") == "20 ноября 2026, пятница"
    assert ENGLISH.day(day).replace(SPACE, " ") == "Friday, 20 November 2026"
    assert RUSSIAN.moment(late).replace(SPACE, " ") == "21 ноября, 01:05"
    assert ENGLISH.moment(late).replace(SPACE, " ") == "21 November, 01:05"


def test_a_text_without_english_stays_russian_with_its_places_filled() -> None:
    unknown = "такого текста в каталоге нет: {sum}"
    assert ENGLISH(unknown, sum="5") == "такого текста в каталоге нет: 5"


def test_a_brace_in_a_value_is_no_place() -> None:
    assert RUSSIAN("Файл {name}", name="{0}.xlsx") == "Файл {0}.xlsx"


def test_texts_are_found_in_code_and_templates() -> None:
    code = 'say("Привет")\nself.say("Пока {x}", x=1)\nsay.counted(n, "а", "б", "в")\nsay(other)'
    assert list(in_code(code)) == ["Привет", "Пока {x}", ("а", "в")]
    page = '<p>{{ say("Привет") }} {{ say.counted(n, "а", "б", "в") }}</p>'
    assert list(in_template(page)) == ["Привет", ("а", "в")]


def _keys() -> set[str]:
    return {text if isinstance(text, str) else text[0] for text in texts_of(PROJECT)}


def test_every_text_has_english() -> None:
    assert sorted(_keys() - _english().keys()) == []


def test_the_places_of_a_text_are_those_of_its_english() -> None:
    import string

    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}

    wrong = [
        key for key, said in _english().items() if any(places(one) != places(key) for one in said)
    ]
    assert wrong == []
