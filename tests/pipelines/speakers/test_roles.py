"""Offices beside names, and who is meant by an office alone."""

from __future__ import annotations

import time

import pytest

from pipelines.speakers.roles import assign_roles, holders_of
from tests.pipelines.speakers.text import named


@pytest.mark.parametrize(
    ("marked", "role"),
    [
        (
            "Norwegian Defence Minister [person Sigrun Halvorsen] spoke.",
            "Norwegian Defence Minister",
        ),
        ("The Prime Minister [person Ana Reis] spoke.", "Prime Minister"),
        ("He met the Secretary of State [person Bo Lind].", "Secretary of State"),
        ("Talks with spokesman [person Bo Lind] ended.", "spokesman"),
        (
            "Talks with Norwegian foreign minister [person Bo Lind] ended.",
            "Norwegian foreign minister",
        ),
        ("[person Ana Reis], the mayor of Porto, spoke.", "mayor of Porto"),
        ("“Yes,” said [person Bo Lind], a retired judge.", "retired judge"),
        ("U.S. Trade Envoy [person Paul Whitcombe] left.", "U.S. Trade Envoy"),
        ("Gen. [person Arvid Lund] sat.", None),
        ("Mr. [person Arvid Lund] sat.", None),
        ("Then [person Arvid Lund], who had come late, sat.", None),
        ("Then [person Arvid Lund] sat.", None),
        ("On Tuesday [person Arvid Lund] sat.", None),
        ("Yesterday, in Riga [person Arvid Lund] sat.", None),
        ("Ex-President [person Ana Reis] sat.", "Ex-President"),
        (
            "Then the [organisation NATO] Secretary General [person Bo Lind] sat.",
            "NATO Secretary General",
        ),
        ("He left. [person Arvid Lund]\n, the cook, sat.", "cook"),
        ("In [person Arvid Lund],     , the cook sat.", None),
    ],
)
def test_the_role_beside_a_name(marked: str, role: str | None) -> None:
    assert next(iter(named(marked).roles.values()), None) == role


def test_a_title_does_not_reach_over_a_sentence_or_a_mark() -> None:
    text = named("He met the Minister. [person Ana Reis] left “the Mayor” [person Bo Lind].")

    assert text.roles == {}


def test_his_counterpart_has_the_office_with_the_other_country() -> None:
    text = named(
        "Norwegian Defence Minister [person Sigrun Halvorsen] met her Latvian counterpart "
        "[person Janis Ozols] in Riga."
    )

    assert text.roles == {
        "Sigrun Halvorsen": "Norwegian Defence Minister",
        "Janis Ozols": "Latvian Defence Minister",
    }


def test_a_state_of_two_words_has_counterparts_too() -> None:
    text = named(
        "South Korean Trade Minister [person Min Seo] met his Peruvian counterpart "
        "[person Luz Vega] and his New Zealand counterpart [person Tom Hale]."
    )

    assert text.roles["Luz Vega"] == "Peruvian Trade Minister"
    assert text.roles["Tom Hale"] == "New Zealand Trade Minister"


def test_a_counterpart_of_nobody_has_no_role() -> None:
    assert named("He met his Latvian counterpart [person Janis Ozols].").roles == {}


def test_the_fuller_title_wins() -> None:
    text = named(
        "Minister [person Ana Reis] came. Portuguese Trade Minister [person Reis] sat. "
        "Minister [person Reis] left."
    )

    assert text.roles == {"Ana Reis": "Portuguese Trade Minister"}


def test_only_persons_hold_offices() -> None:
    assert named("Foreign Minister [organisation Blue League], the union, left.").roles == {}


HOLDERS = {
    0: "Norwegian Defence Minister",
    1: "Latvian Defence Minister",
    2: "mayor of Porto",
    3: "U.S. Trade Envoy",
    4: "South Korean President",
}


@pytest.mark.parametrize(
    ("description", "holders"),
    [
        ("the Norwegian Defence Minister", [0]),
        ("The Latvian Defense Minister", [1]),
        ("the Latvian minister", [1]),
        ("Latvia's Defence Minister", [1]),
        ("the defence minister", [0, 1]),
        ("the Estonian Defence Minister", []),
        ("the Latvian Trade Minister", []),
        ("the mayor", [2]),
        ("Porto's mayor", [2]),
        ("the American envoy", [3]),
        ("the US Trade Envoy", [3]),
        ("the President of South Korea", [4]),
        ("the Latvian", []),
        ("the", []),
        ("", []),
    ],
)
def test_who_is_meant_by_an_office(description: str, holders: list[int]) -> None:
    assert holders_of(description, HOLDERS) == holders


def test_roles_of_a_text_without_a_full_stop_take_no_time() -> None:
    text = named("officials met [person Ana Reis] and others " * 1500)
    spans = [(0, len(text.text))]

    began = time.process_time()
    roles = assign_roles(text.text, spans, text.mentions, text.places, text.entities)

    assert roles == {}
    assert time.process_time() - began < 5
