"""`SVERKA_NOTICES`: who is told what; what is wrong is said by name, never guessed."""

import json
from typing import Any

import pytest

from sverka.errors import Misconfigured
from sverka.notices.channels import By, Channel, Kind, channels_of

GOOD: dict[str, Any] = {
    "name": "owner",
    "by": "email",
    "connection": "smtp_default",
    "to": ["a@shop.example"],
}


def of(*given: Any) -> tuple[Channel, ...]:
    return channels_of(json.dumps(given))


def test_nobody_is_told_by_default() -> None:
    assert channels_of("[]") == ()


def test_a_channel_takes_every_kind_unless_it_says_which() -> None:
    some = GOOD | {"name": "chat", "by": "telegram", "to": [-1001, "@sverka_shop", -1001]}
    first, second = of(GOOD, some | {"kinds": ["report", "no_report"]})
    assert first == Channel("owner", By.EMAIL, "smtp_default", ("a@shop.example",), tuple(Kind))
    assert second.to == ("-1001", "@sverka_shop")
    assert second.kinds == (Kind.REPORT, Kind.NO_REPORT)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"by": "sms"}, "channel 'owner': by must be one of email, telegram, found 'sms'"),
        ({"by": []}, "by must be one of"),
        ({"to": []}, "to must be a list of recipients"),
        ({"to": "a@shop.example"}, "to must be a list of recipients"),
        ({"to": ["a@shop.example, b@shop.example"]}, "is no recipient for email"),
        ({"to": ["a@shop.example\nBcc: b@evil.example"]}, "is no recipient for email"),
        ({"to": ["-1001"]}, "'-1001' is no recipient for email"),
        ({"by": "telegram"}, "'a@shop.example' is no recipient for telegram"),
        ({"kinds": []}, "kinds must be some of report, no_report"),
        ({"kinds": ["everything"]}, r"found \['everything'\]"),
        ({"kinds": [{}]}, "kinds must be some of"),
        ({"connection": ""}, "connection must be a text, found ''"),
        ({"name": None}, "a channel: name must be a text, found None"),
        ({"adress": "x"}, "nobody knows adress; it may have by, connection, kinds, name, to"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(Misconfigured, match=f"SVERKA_NOTICES.*{said}"):
        of(GOOD | given)


@pytest.mark.parametrize("text", ["{", '"owner"', "[1]", "{}"])
def test_what_is_no_list_of_channels_is_told(text: str) -> None:
    with pytest.raises(Misconfigured, match=r"SVERKA_NOTICES .*docs/notices\.md"):
        channels_of(text)


def test_two_channels_of_one_name_would_share_what_was_sent() -> None:
    with pytest.raises(Misconfigured, match="two channels named 'owner'"):
        of(GOOD, GOOD)
