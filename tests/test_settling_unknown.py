"""Files that Sverka cannot read by itself: asked about, learned, released, refused; never guessed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sverka import settling
from sverka.confirming import Answer, Look, look_again, open_question, show, store
from sverka.confirming.fields import COUNTERPARTY, COURIER, NEW_COURIER, POST_NOW, TITLE
from sverka.confirming.waiting import PATIENCE
from sverka.demo.registers import settled_register
from sverka.demo.things import Order
from sverka.errors import Refusal
from sverka.intake.ledger import UNATTENDED_AFTER
from sverka.nouns import FileState
from sverka.recognition.known import knowledge, known_couriers
from tests.support import unknown
from tests.support.installed import Installed
from tests.support.settling import installed, orders, services, shop, unused
from tests.support.settling import one_sandbox as sandbox
from tests.support.unknown import unknown_register

__all__ = ["installed", "orders", "sandbox", "services", "shop", "unused"]

NEW = {
    COURIER: NEW_COURIER,
    TITLE: unknown.COURIER,
    COUNTERPARTY: unknown.COUNTERPARTY,
    POST_NOW: True,
}
"""The form as a person fills it in for a new courier."""


def asked(installed: Installed, file_id: int) -> store.Waiting:
    question = open_question(installed.services, file_id)
    assert question is not None
    return question


def confirming(installed: Installed, file_id: int, **fields: object) -> Answer:
    """«Подтвердить» to what the file asks now, with these fields of the form."""
    return Answer(True, asked(installed, file_id).sha256, NEW | fields, "Бухгалтер")


def learned(installed: Installed, orders: list[Order]) -> int:
    """A first file of the unknown courier, confirmed and settled; its id."""
    first = installed.dropped("реестр 1.csv", unknown_register(orders[:6]), "first")
    settling.settle(installed.services, first)
    settling.settle(installed.services, first, confirming(installed, first))
    return first


class TestTheFirstFile:
    def test_waits_with_a_question_and_books_nothing(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        file_id = installed.dropped("реестр.csv", unknown_register(orders[:6]))
        done = settling.settle(installed.services, file_id)

        assert done["recognise"] == {"asks": "layout"}
        row = installed.row(file_id)
        assert row.state is FileState.WAITING
        assert row.reason is not None
        assert "Ждёт ответа" in row.reason
        assert installed.count("line") == installed.count("posting") == 0
        question = asked(installed, file_id).asked
        assert question.subject == "реестр.csv"
        assert [field.key for field in question.fields] == [COURIER, TITLE, COUNTERPARTY, POST_NOW]
        assert question.fields[1].proposed == unknown.COURIER
        for header in unknown.HEADERS:
            assert header in question.body
        assert orders[0].name in question.body

    def test_is_posted_once_a_person_confirms_and_names_the_courier(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        file_id = installed.dropped("реестр.csv", unknown_register(orders[:6]))
        settling.settle(installed.services, file_id)
        done = settling.settle(installed.services, file_id, confirming(installed, file_id))

        assert done["parse"]["lines"] == 6
        assert done["send"]["posted"] == done["approve"]["approved"] > 6
        row = installed.row(file_id)
        assert (row.state, row.schema_version) == (FileState.SETTLED, 1)
        with installed.services.connect() as conn:
            [kept] = store.confirmed(conn)
        assert (kept.code, kept.by) == (row.schema, "Бухгалтер")
        assert f"courier: {row.courier}" in kept.text

    def test_of_a_new_courier_is_only_planned_unless_the_switch_is_on(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        file_id = installed.dropped("реестр.csv", unknown_register(orders[:6]))
        settling.settle(installed.services, file_id)
        answer = confirming(installed, file_id, post_now=False)
        done = settling.settle(installed.services, file_id, answer)
        assert done["send"]["posted"] == 0
        assert done["send"]["waiting"] > 6
        assert installed.row(file_id).state is FileState.SETTLED

    def test_whose_fee_has_no_clear_name_asks_what_it_is(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        data = unknown_register(orders[:6], fee=unknown.ODD_FEE)
        file_id = installed.dropped("реестр.csv", data)
        settling.settle(installed.services, file_id)
        [field] = [f for f in asked(installed, file_id).asked.fields if unknown.ODD_FEE in f.key]
        answer = confirming(installed, file_id, **{field.key: "fee_storage"})
        settling.settle(installed.services, file_id, answer)
        assert installed.count(f"line where fee_storage = {unknown.FEE}") == 6


class TestTheNextFile:
    def test_goes_through_without_a_question(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        learned(installed, orders)
        second = installed.dropped("реестр 2.csv", unknown_register(orders[6:12]), "second")
        done = settling.settle(installed.services, second)
        assert done["send"]["posted"] > 6
        assert installed.row(second).state is FileState.SETTLED

    def test_is_asked_again_after_the_layout_was_withdrawn(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        code = installed.row(learned(installed, orders)).schema
        with installed.services.connect() as conn:
            assert store.withdraw(conn, str(code), installed.clock()) == 1
        second = installed.dropped("реестр 2.csv", unknown_register(orders[6:12]), "second")
        settling.settle(installed.services, second)
        assert installed.row(second).state is FileState.WAITING
        settling.settle(installed.services, second, confirming(installed, second))
        assert installed.row(second).schema_version == 2

    def test_with_another_couriers_name_on_it_is_asked_about(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        """Small couriers use one template: what one file taught must not claim another's money."""
        learned(installed, orders)
        data = unknown_register(orders[6:12], courier="Городской курьер")
        second = installed.dropped("реестр 2.csv", data, "second")
        assert "asks" in settling.settle(installed.services, second)["recognise"]
        assert installed.row(second).state is FileState.WAITING

    def test_of_a_stored_layout_that_loads_no_more_is_asked_and_others_go_on(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        learned(installed, orders)
        with installed.services.connect() as conn, conn.cursor() as cursor:
            cursor.execute("update confirmed_schema set schema = 'language: 99'")
        known = installed.dropped(
            "Городской курьер.xlsx", settled_register("7", orders[12:16]), "known"
        )
        assert settling.settle(installed.services, known)["send"]["posted"] > 0
        second = installed.dropped("реестр 2.csv", unknown_register(orders[6:12]), "second")
        assert settling.settle(installed.services, second)["recognise"] == {"asks": "layout"}


class TestWrongAnswers:
    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({COURIER: ""}, "Не сказано, чей"),
            ({COURIER: "nobody"}, "Не сказано, чей"),
            ({TITLE: "  "}, "название"),
            ({TITLE: "№1"}, "название"),
            ({COUNTERPARTY: None}, "контрагент"),
            ({COUNTERPARTY: "ООО «Опечатка»"}, "не найден"),
            ({TITLE: "Городской курьер"}, "уже известна"),
        ],
    )
    def test_teach_nothing_and_say_what_was_wrong(
        self, installed: Installed, orders: list[Order], fields: dict[str, object], words: str
    ) -> None:
        file_id = installed.dropped("реестр.csv", unknown_register(orders[:6]))
        settling.settle(installed.services, file_id)
        with pytest.raises(Refusal, match=words):
            settling.settle(installed.services, file_id, confirming(installed, file_id, **fields))
        self.nothing_is_learned(installed, file_id)

    def test_a_question_without_an_answer_teaches_nothing(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        data = unknown_register(orders[:6], fee=unknown.ODD_FEE)
        file_id = installed.dropped("реестр.csv", data)
        settling.settle(installed.services, file_id)
        with pytest.raises(Refusal, match="Не на все вопросы"):
            settling.settle(installed.services, file_id, confirming(installed, file_id))
        self.nothing_is_learned(installed, file_id)

    def test_an_answer_under_which_half_of_the_rows_do_not_add_up_teaches_nothing(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        file_id = installed.dropped("реестр.csv", unknown_register(orders[:6], misfit=777))
        settling.settle(installed.services, file_id)
        fields = {
            field.key: field.proposed or field.choices[0][0]
            for field in asked(installed, file_id).asked.fields
            if field.kind == "choice" and field.key != COURIER
        }
        answer = confirming(installed, file_id, **fields)
        with pytest.raises(Refusal, match="верно только в"):
            settling.settle(installed.services, file_id, answer)
        self.nothing_is_learned(installed, file_id)

    def test_declining_says_who_did_it(self, installed: Installed, orders: list[Order]) -> None:
        file_id = installed.dropped("реестр.csv", unknown_register(orders[:6]))
        settling.settle(installed.services, file_id)
        declined = replace(confirming(installed, file_id), confirmed=False)
        with pytest.raises(Refusal, match="Бухгалтер"):
            settling.settle(installed.services, file_id, declined)
        self.nothing_is_learned(installed, file_id)

    def test_dropping_the_file_again_asks_again(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        data = unknown_register(orders[:6])
        file_id = installed.dropped("реестр.csv", data)
        settling.settle(installed.services, file_id)
        declined = replace(confirming(installed, file_id), confirmed=False)
        with pytest.raises(Refusal):
            settling.settle(installed.services, file_id, declined)
        assert installed.dropped("реестр снова.csv", data, "run 2") == file_id
        settling.settle(installed.services, file_id)
        settling.settle(installed.services, file_id, confirming(installed, file_id))
        assert installed.row(file_id).state is FileState.SETTLED

    def nothing_is_learned(self, installed: Installed, file_id: int) -> None:
        assert installed.row(file_id).state is FileState.QUARANTINED
        for table in ("confirmed_schema", "confirmed_courier", "line", "posting"):
            assert installed.count(table) == 0, table


class TestBinding:
    def test_an_answer_to_another_question_is_asked_anew_by_a_new_run(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        file_id = installed.dropped("реестр.csv", unknown_register(orders[:6]))
        settling.settle(installed.services, file_id)
        key = installed.row(file_id).partition_key
        stale = replace(confirming(installed, file_id), shown="0" * 64)
        done = settling.settle(installed.services, file_id, stale)
        assert done["learn"]["again"]
        assert "parse" not in done
        assert installed.count("confirmed_schema") == 0
        assert installed.offered() == [key]
        assert settling.claim(installed.services, key, "run 2") == file_id
        assert not settling.still_claimed(installed.services, file_id, "run 1")
        settling.settle(installed.services, file_id)
        settling.settle(installed.services, file_id, confirming(installed, file_id))
        assert installed.row(file_id).state is FileState.SETTLED

    def test_a_run_never_shows_a_second_question(
        self, installed: Installed, orders: list[Order]
    ) -> None:
        """Airflow would go on showing the first one."""
        file_id = installed.dropped("реестр.csv", unknown_register(orders[:6]))
        settling.settle(installed.services, file_id)
        first = show(installed.services, file_id, "run 1")
        assert first == show(installed.services, file_id, "run 1") is not None
        with installed.services.connect() as conn, conn.cursor() as cursor:
            cursor.execute("update draft set sha256 = repeat('0', 64)")
        assert show(installed.services, file_id, "run 1") is None
        assert installed.row(file_id).state is FileState.REGISTERED

    def test_a_kill_between_storing_and_going_on_needs_no_second_answer(
        self, installed: Installed, orders: list[Order], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from sverka.intake import ledger

        file_id = installed.dropped("реестр.csv", unknown_register(orders[:6]))
        settling.settle(installed.services, file_id)
        answer = confirming(installed, file_id)

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(ledger, "answered", killed)
            with pytest.raises(KeyboardInterrupt):
                settling.learn(installed.services, file_id, answer)
        assert installed.row(file_id).state is FileState.WAITING
        done = settling.settle(installed.services, file_id, answer)
        assert done["send"]["posted"] > 6
        assert installed.count("confirmed_schema") == installed.count("confirmed_courier") == 1


class TestTwoAtOnce:
    @pytest.fixture
    def two(self, installed: Installed, orders: list[Order]) -> tuple[int, int]:
        first = installed.dropped("реестр 1.csv", unknown_register(orders[:6]), "first")
        settling.settle(installed.services, first)
        second = installed.dropped("реестр 2.csv", unknown_register(orders[6:12]), "second")
        settling.settle(installed.services, second)
        return first, second

    def test_the_second_goes_on_by_itself_when_the_first_was_confirmed(
        self, installed: Installed, two: tuple[int, int]
    ) -> None:
        first, second = two
        assert look_again(installed.services, second, "second") is Look.WAITS
        settling.settle(installed.services, first, confirming(installed, first))
        assert look_again(installed.services, second, "second") is Look.KNOWN
        done = settling.settle(installed.services, second, Answer(confirmed=True))
        assert done["send"]["posted"] > 6

    def test_a_second_answer_is_accepted_and_teaches_nothing_new(
        self, installed: Installed, two: tuple[int, int]
    ) -> None:
        answers = [confirming(installed, file_id) for file_id in two]
        for file_id, answer in zip(two, answers, strict=True):
            assert settling.settle(installed.services, file_id, answer)["send"]["posted"] > 6
        assert installed.count("confirmed_schema") == 1

    def test_a_form_with_a_new_courier_in_its_list_is_another_form(
        self, installed: Installed, two: tuple[int, int]
    ) -> None:
        _, second = two
        key = installed.row(second).partition_key
        with installed.services.connect() as conn:
            other = replace(
                known_couriers(installed.services).get("gorod"), code="other", names=("Другой",)
            )
            store.confirm_courier(conn, other, store.Said("x", installed.clock()))
        assert look_again(installed.services, second, "second") is Look.CHANGED
        assert key in installed.offered()

    def test_a_layout_of_others_leaves_the_question_as_it_is(
        self, installed: Installed, two: tuple[int, int]
    ) -> None:
        _, second = two
        with installed.services.connect() as conn:
            text = next(iter(knowledge(installed.services).schemas)).text
            new = store.numbered(conn, "elsewhere", 1, text.replace("Номер", "Иное", 1))
            store.confirm_schema(conn, new, store.Said("x", installed.clock()))
        assert look_again(installed.services, second, "second") is Look.WAITS
        assert look_again(installed.services, second, "second") is Look.WAITS


class TestPatience:
    @pytest.fixture
    def waiting(self, installed: Installed, orders: list[Order]) -> int:
        file_id = installed.dropped("реестр.csv", unknown_register(orders[:6]))
        settling.settle(installed.services, file_id)
        return file_id

    def test_a_waiting_file_is_left_to_its_run_for_seven_days(
        self, installed: Installed, waiting: int
    ) -> None:
        def look_after(time: timedelta) -> Look:
            installed.clock.advance(seconds=time.total_seconds())
            look = look_again(installed.services, waiting, "run 1")
            assert installed.offered() == []
            return look

        assert look_after(UNATTENDED_AFTER) is Look.WAITS
        assert look_after(UNATTENDED_AFTER) is Look.WAITS
        assert look_after(PATIENCE - 2 * UNATTENDED_AFTER - timedelta(seconds=1)) is Look.WAITS
        assert look_after(timedelta(seconds=1)) is Look.NOBODY
        with pytest.raises(Refusal, match="икто не ответил"):
            settling.settle(installed.services, waiting, Answer(confirmed=None))
        assert installed.row(waiting).state is FileState.QUARANTINED

    def test_a_run_that_is_gone_gives_the_file_to_another(
        self, installed: Installed, waiting: int
    ) -> None:
        key = installed.row(waiting).partition_key
        installed.clock.advance(seconds=UNATTENDED_AFTER.total_seconds() + 1)
        assert installed.offered() == []
        installed.clock.advance(seconds=1800)
        assert installed.offered() == [key]
        assert settling.claim(installed.services, key, "run 2") == waiting
        assert look_again(installed.services, waiting, "run 1") is Look.LEFT
        settling.settle(installed.services, waiting)
        assert show(installed.services, waiting, "run 2") is not None

    def test_the_run_that_has_it_may_be_cleared_and_asks_again(
        self, installed: Installed, waiting: int
    ) -> None:
        key = installed.row(waiting).partition_key
        shown = show(installed.services, waiting, "run 1")
        assert settling.claim(installed.services, key, "run 2") is None
        assert settling.claim(installed.services, key, "run 1") == waiting
        assert settling.recognise(installed.services, waiting) == {"asks": "layout"}
        assert show(installed.services, waiting, "run 1") == shown

    def test_dropping_it_again_starts_no_second_run(
        self, installed: Installed, waiting: int, orders: list[Order]
    ) -> None:
        from sverka.intake.intake import take
        from sverka.intake.zones import Zone

        zone = Zone("папка", str(installed.inbox))
        zone.drop("копия.csv", unknown_register(orders[:6]))
        assert take(installed.services, [zone], wait=lambda _: None) == []
        assert installed.row(waiting).state is FileState.WAITING


class TestANamelessFile:
    @pytest.fixture
    def nameless(self, installed: Installed, orders: list[Order]) -> int:
        from tests.test_settling import without_the_couriers_name

        data = without_the_couriers_name(settled_register("7", orders[:6]))
        return installed.dropped("реестр.xlsx", data)

    def test_of_a_known_layout_asks_only_whose_it_is(
        self, installed: Installed, nameless: int
    ) -> None:
        assert settling.settle(installed.services, nameless)["recognise"] == {"asks": "courier"}
        question = asked(installed, nameless).asked
        assert question.fields[0].proposed is None
        done = settling.settle(
            installed.services, nameless, confirming(installed, nameless, courier="gorod")
        )
        assert done["send"]["posted"] > 6
        row = installed.row(nameless)
        assert (row.courier, row.schema) == ("gorod", "cod_register")
        assert installed.count("confirmed_schema") == 0

    def test_the_answer_is_about_this_file_alone(
        self, installed: Installed, nameless: int, orders: list[Order]
    ) -> None:
        from tests.test_settling import without_the_couriers_name

        settling.settle(installed.services, nameless)
        settling.settle(
            installed.services, nameless, confirming(installed, nameless, courier="gorod")
        )
        data = without_the_couriers_name(settled_register("8", orders[6:12]))
        second = installed.dropped("реестр 2.xlsx", data, "second")
        assert settling.settle(installed.services, second)["recognise"] == {"asks": "courier"}
