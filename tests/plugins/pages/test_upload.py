"""Files dropped on the page lie in the landing zone under a safe name; nothing else gets there."""

import pytest

from sverka.pages import uploads
from tests.plugins.pages.conftest import OURS, Site

PATH = "/sverka/upload"

Files = list[tuple[str, tuple[str, bytes]]]


def files(*given: tuple[str, bytes]) -> Files:
    return [("files", one) for one in given]


def in_zone(site: Site) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in site.inbox.iterdir()}


def test_several_files_at_once_are_taken_each_told(site: Site) -> None:
    sent = files(("акт.xlsx", b"one"), ("реестр.csv", b"two"), ("в.zip", b"three"))
    answer = site.operator.post(PATH, headers=OURS, files=sent)
    assert answer.status_code == 200
    assert answer.text.count(">принят<") == 3
    assert in_zone(site) == {"акт.xlsx": b"one", "реестр.csv": b"two", "в.zip": b"three"}


def test_the_same_name_never_replaces_a_file(site: Site) -> None:
    sent = files(("акт.xlsx", b"one"), ("АКТ.xlsx", b"two"))
    site.operator.post(PATH, headers=OURS, files=sent)
    answer = site.operator.post(PATH, headers=OURS, files=files(("акт.xlsx", b"three")))
    assert in_zone(site) == {"акт.xlsx": b"one", "АКТ (2).xlsx": b"two", "акт (3).xlsx": b"three"}
    assert "акт (3).xlsx" in answer.text
    assert "Прежнее имя: акт.xlsx" in answer.text


def test_an_empty_file_is_refused_and_the_others_are_taken(site: Site) -> None:
    sent = files(("пусто.xlsx", b""), ("акт.xlsx", b"one"))
    answer = site.operator.post(PATH, headers=OURS, files=sent)
    assert "Файл пустой." in answer.text
    assert in_zone(site) == {"акт.xlsx": b"one"}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../акт.xlsx", "акт.xlsx"),
        ("/etc/cron.d/акт", "акт"),
        ("C:\\Users\\Анна\\акт.xls", "акт.xls"),
        ("~$акт.xlsx", "файл акт.xlsx"),
        (".bashrc", "bashrc"),
        ("акт.xlsx.part", "акт.xlsx.part.bin"),
    ],
)
def test_a_name_with_parts_of_a_path_stays_in_the_zone(site: Site, given: str, name: str) -> None:
    before = set(site.inbox.parent.iterdir())
    answer = site.operator.post(PATH, headers=OURS, files=files((given, b"x")))
    assert answer.status_code == 200
    [landed] = in_zone(site)
    assert landed == name
    assert set(site.inbox.parent.iterdir()) == before


def test_too_much_at_once_is_refused_whole(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 3 * 2**20)
    sent = files(("1.xlsx", b"x" * 2**20), ("2.xlsx", b"x" * (3 * 2**20)))
    answer = site.operator.post(PATH, headers=OURS, files=sent)
    assert answer.status_code == 413
    assert "больше 3 МБ" in answer.text
    assert in_zone(site) == {}


def test_a_length_that_lies_does_not_help(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    body = b"--b\r\nContent-Disposition: form-data; name=files; filename=a\r\n\r\n" + b"x" * 5000
    headers = OURS | {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": "10"}
    answer = site.operator.post(PATH, headers=headers, content=iter([body, b"\r\n--b--\r\n"]))
    assert answer.status_code == 413
    assert in_zone(site) == {}


def test_too_many_files_are_refused_whole(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    answer = site.operator.post(PATH, headers=OURS, files=files(*[("а.csv", b"x")] * 3))
    assert answer.status_code == 400
    assert "не больше 2" in answer.text
    assert in_zone(site) == {}


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"files": "text"}},
        {"files": [("other", ("a.csv", b"x"))]},
        {"content": b"\x00\xff", "headers": OURS | {"Content-Type": "multipart/form-data"}},
    ],
    ids=["text", "another field", "no form"],
)
def test_what_is_no_upload_is_told_kindly(site: Site, sent: dict[str, object]) -> None:
    answer = site.operator.post(PATH, **({"headers": OURS} | sent))  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert "Файлы не получены" in answer.text
    assert in_zone(site) == {}


def test_who_may_only_look_has_no_form_and_puts_nothing(site: Site) -> None:
    assert 'type="file"' in site.operator.get(PATH).text
    page = site.viewer.get(PATH).text
    assert 'type="file"' not in page
    assert "Загружать отчёты может оператор" in page
    sent = files(("акт.xlsx", b"one"))
    assert site.viewer.post(PATH, headers=OURS, files=sent).status_code == 403
    assert site.anonymous().post(PATH, headers=OURS, files=sent).status_code == 401
    assert site.operator.post(PATH, files=sent).status_code == 403
    assert in_zone(site) == {}


def test_a_file_of_a_wrong_kind_goes_the_usual_way_into_quarantine(site: Site) -> None:
    from sverka import settling
    from sverka.errors import Refusal
    from sverka.intake.intake import take
    from sverka.intake.zones import Zone
    from sverka.services import services_from
    from sverka_airflow.served import settings

    site.operator.post(PATH, headers=OURS, files=files(("котик.jpg", b"\xff\xd8\xff\xe0JFIF")))
    services = services_from(settings())
    [key] = take(services, [Zone("inbox", str(site.inbox), {})], wait=lambda _: None)
    file_id = settling.claim(services, key, "run 1")
    assert file_id is not None
    with pytest.raises(Refusal) as refusal:
        settling.recognise(services, file_id)
    settling.refuse(services, file_id, refusal.value)
    page = site.viewer.get(f"/sverka/files/{file_id}").text
    assert "котик.jpg" in page
    assert refusal.value.where_and_why()[:40] in page
