"""A known layout that changed: held with the difference, confirmed once, then read by itself."""

from collections.abc import Sequence
from datetime import date

import pytest

from sverka import settling
from sverka.confirming import Answer, open_question, store
from sverka.confirming.fields import COURIER
from sverka.demo.layouts import DalliAct, DalliOrder, dalli_act
from sverka.demo.things import Order
from sverka.errors import Refusal
from sverka.money import Minor, to_major
from sverka.nouns import FileState
from tests.support.installed import Installed
from tests.support.settling import installed, orders, services, shop, unused
from tests.support.settling import one_sandbox as sandbox
from tests.support.unknown import unknown_register

__all__ = ["installed", "orders", "sandbox", "services", "shop", "unused"]

SERVICE, INSURANCE = Minor(25000), Minor(1000)
DAY = date(2026, 11, 19)


def act(orders: Sequence[Order], number: str, *, insurance: bool = False) -> bytes:
    """An act of Dalli as documented; with `insurance` every order has one more kept fee."""
    kept = SERVICE + (INSURANCE if insurance else 0)
    told = [
        DalliOrder(
            track=f"D{place:07}",
            number=order.name,
            delivered=DAY,
            price=to_major(order.sum),
            service=to_major(SERVICE),
            transfer=to_major(Minor(order.sum - kept)),
        )
        for place, order in enumerate(orders)
    ]
    paid = sum((order.transfer for order in told), start=to_major(Minor(0)))
    data = dalli_act([DalliAct(number, DAY, DAY, paid, f"77{number}", told)])
    fee = f' insurance="{to_major(INSURANCE)}" transfer='.encode()
    return data.replace(b" transfer=", fee) if insurance else data


def renamed(data: bytes) -> bytes:
    """The same act after Dalli called its services otherwise."""
    return data.replace(b" service=", b" services=")


def asked(installed: Installed, file_id: int) -> store.Waiting:
    question = open_question(installed.services, file_id)
    assert question is not None
    return question


def answered(installed: Installed, file_id: int, **fields: str) -> settling.Counts:
    """What «Подтвердить» with these fields leads to."""
    answer = Answer(True, asked(installed, file_id).sha256, fields, "Бухгалтер")
    return settling.settle(installed.services, file_id, answer)


def settled(installed: Installed, name: str, data: bytes) -> int:
    """A file that asks nothing; its id."""
    file_id = installed.dropped(name, data, name)
    assert "asks" not in settling.settle(installed.services, file_id)["recognise"]
    assert installed.row(file_id).state is FileState.SETTLED
    return file_id


def register(orders: Sequence[Order], courier: str) -> str:
    """A register in words of its own: no plain register has such a name for the payout."""
    text = unknown_register(orders, courier=courier).decode("utf-8-sig")
    return text.replace("К выплате магазину", "Перечислим вам")


class TestARenamedColumn:
    @pytest.fixture
    def waiting(self, installed: Installed, orders: list[Order]) -> int:
        file_id = installed.dropped("act1.xml", renamed(act(orders[:4], "1")), "first")
        assert settling.settle(installed.services, file_id)["recognise"] == {"asks": "layout"}
        return file_id

    def test_waits_and_shows_the_difference(self, installed: Installed, waiting: int) -> None:
        assert installed.row(waiting).state is FileState.WAITING
        assert installed.count("line") == 0
        question = asked(installed, waiting).asked
        assert question.fields == ()
        assert "изменилась" in question.body
        assert "«service» → «@services»" in question.body

    def test_is_read_once_confirmed_and_the_next_files_ask_nothing(
        self, installed: Installed, orders: list[Order], waiting: int
    ) -> None:
        done = answered(installed, waiting)
        assert done["parse"]["lines"] == 4
        row = installed.row(waiting)
        assert (row.state, row.courier) == (FileState.SETTLED, "dalli")
        assert (row.schema, row.schema_version) == ("dalli_money_act", 2)
        settled(installed, "act2.xml", act(orders[4:8], "2"))
        settled(installed, "act3.xml", renamed(act(orders[8:12], "3")))
        assert installed.count(f"line where fee_delivery = {SERVICE}") == 12


class TestANewFee:
    @pytest.fixture
    def waiting(self, installed: Installed, orders: list[Order]) -> int:
        file_id = installed.dropped("act1.xml", act(orders[:4], "1", insurance=True), "first")
        assert settling.settle(installed.services, file_id)["recognise"] == {"asks": "layout"}
        return file_id

    KEY = "column:@insurance"

    def test_is_a_question_and_the_answer_is_in_the_lines(
        self, installed: Installed, orders: list[Order], waiting: int
    ) -> None:
        [field] = asked(installed, waiting).asked.fields
        assert (field.key, field.proposed) == (self.KEY, None)
        assert {"fee_insurance", "fee_other", "ignore"} < {value for value, _ in field.choices}
        done = answered(installed, waiting, **{self.KEY: "fee_insurance"})
        assert done["parse"]["lines"] == 4
        assert installed.count(f"line where fee_insurance = {INSURANCE}") == 4
        assert installed.row(waiting).schema_version == 2
        settled(installed, "act2.xml", act(orders[4:8], "2"))
        settled(installed, "act3.xml", act(orders[8:12], "3", insurance=True))
        assert installed.count(f"line where fee_insurance = {INSURANCE}") == 8

    @pytest.mark.parametrize(
        ("answer", "words"),
        [("ignore", "верно только в 0"), ("", "Не на все вопросы"), ("payout", "Не на все")],
    )
    def test_with_a_wrong_answer_teaches_nothing(
        self, installed: Installed, waiting: int, answer: str, words: str
    ) -> None:
        with pytest.raises(Refusal, match=words):
            answered(installed, waiting, **{self.KEY: answer})
        assert installed.row(waiting).state is FileState.QUARANTINED
        assert installed.count("confirmed_schema") == installed.count("line") == 0


class TestALearnedLayoutInAnotherCouriersFile:
    @pytest.fixture
    def waiting(self, installed: Installed, orders: list[Order]) -> int:
        """The columns were learned from «Городской курьер»; this file names Dalli."""
        data = register(orders[:4], "Городской курьер")
        first = installed.dropped("реестр 1.csv", data.encode(), "first")
        settling.settle(installed.services, first)
        answered(installed, first)
        data = register(orders[4:8], "Dalli")
        second = installed.dropped("реестр 2.csv", data.encode(), "second")
        assert settling.settle(installed.services, second)["recognise"] == {"asks": "layout"}
        return second

    def test_is_told_and_asked_and_nothing_is_proposed(
        self, installed: Installed, waiting: int
    ) -> None:
        question = asked(installed, waiting).asked
        assert "курьера «Городской курьер»" in question.body
        assert "назван в файле другой курьер: «Dalli»" in question.body
        field = next(one for one in question.fields if one.key == COURIER)
        assert field.proposed is None
        with pytest.raises(Refusal, match="е сказано, чей"):
            answered(installed, waiting)
        assert installed.count("confirmed_schema") == 1

    def test_of_the_named_courier_is_learned_for_it(
        self, installed: Installed, orders: list[Order], waiting: int
    ) -> None:
        answered(installed, waiting, **{COURIER: "dalli"})
        assert installed.row(waiting).courier == "dalli"
        assert installed.count("confirmed_schema") == 2
        for number, (title, code) in enumerate((("Городской курьер", "gorod"), ("Dalli", "dalli"))):
            data = register(orders[8 + 2 * number : 10 + 2 * number], title).encode()
            assert installed.row(settled(installed, f"next {number}.csv", data)).courier == code

    def test_of_the_layouts_own_courier_is_so_for_this_file_alone(
        self, installed: Installed, orders: list[Order], waiting: int
    ) -> None:
        answered(installed, waiting, **{COURIER: "gorod"})
        row = installed.row(waiting)
        assert (row.courier, row.state) == ("gorod", FileState.SETTLED)
        assert installed.count("confirmed_schema") == 1
        third = installed.dropped("3.csv", register(orders[8:], "Dalli").encode(), "third")
        assert settling.settle(installed.services, third)["recognise"] == {"asks": "layout"}

    def test_whose_columns_changed_as_well_is_asked_about_both(
        self, installed: Installed, orders: list[Order], waiting: int
    ) -> None:
        data = register(orders[8:], "Dalli").replace("Наша комиссия", "Наши комиссии")
        third = installed.dropped("3.csv", data.encode(), "third")
        settling.settle(installed.services, third)
        assert "«Наша комиссия» → «Наши комиссии»" in asked(installed, third).asked.body
        answered(installed, third, **{COURIER: "gorod"})
        row = installed.row(third)
        assert (row.courier, row.schema_version) == ("gorod", 2)
        assert row.state is FileState.SETTLED
