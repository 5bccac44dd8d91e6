"""What a description gives away by its words."""

from __future__ import annotations

import pytest

from pipelines.speakers.descriptions import (
    earlier_institution,
    governments,
    institution,
    listed_bodies,
    somebody_s,
)
from pipelines.speakers.names import Entity


@pytest.mark.parametrize(
    ("mention", "states"),
    [
        ("the Norwegian side", ("Norway",)),
        ("The Peruvian government", ("Peru",)),
        ("Latvia's delegation", ("Latvia",)),
        ("both the Spanish and Algerian governments", ("Spain", "Algeria")),
        ("the government", ()),
        ("the city government", ()),
        ("the Norwegian and other governments", ()),
        ("Norwegian officials", ()),
    ],
)
def test_a_government_speaks_for_its_state(mention: str, states: tuple[str, ...]) -> None:
    assert governments(mention) == states


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("the Latvian Foreign Ministry (LFM)", "Latvian Foreign Ministry"),
        ("The Ministry of the Interior", "Ministry of the Interior"),
        ("Bureau 9", "Bureau 9"),
        ("Latvian officials", None),
        ("the ministry", None),
        ("Police", None),
        ("the 3rd Precinct", None),
    ],
)
def test_an_institution_is_all_capitals(mention: str, name: str | None) -> None:
    assert institution(mention) == name


def test_the_end_or_head_of_a_name_used_before_is_that_body() -> None:
    earlier = ["District Court of Riga", "Harbour Council", "University of Narvik", "City Council"]

    assert earlier_institution("the council", earlier) == "City Council"
    assert earlier_institution("The university", earlier) == "University of Narvik"
    assert earlier_institution("The District Court", earlier) == "District Court of Riga"
    assert earlier_institution("a council", earlier) is None
    assert earlier_institution("the embassy", earlier) is None
    assert earlier_institution("the members of the council", earlier) is None


def test_a_list_of_bodies_is_each_of_them() -> None:
    japan, league = Entity("Japan", "place"), Entity("Blue Water League", "organisation")
    person = Entity("Ona Varga", "person")

    assert listed_bodies("Japan and the Blue Water League", [japan, league]) == [
        "Japan",
        "Blue Water League",
    ]
    assert listed_bodies("Japan's fleet and the Blue Water League", [japan, league]) == []
    assert listed_bodies("Japan and Ona Varga", [japan, person]) == []


def test_a_spokesman_is_not_whom_he_speaks_for() -> None:
    assert somebody_s("a spokesman for Ana Reis")
    assert not somebody_s("Foreign Minister Ana Reis")
    assert not somebody_s("the University of Narvik")
