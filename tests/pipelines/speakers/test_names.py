"""Mentions become entities: aliases, acronyms, shared surnames, states."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.speakers.names import Mention, group_names, names_agree, normalise
from tests.pipelines.speakers.text import named


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Halvorsen's", "Halvorsen"),
        ("the  Blue\nLeague’s", "Blue League"),
        ("The Hague", "Hague"),
        ("Ozols'", "Ozols"),
        ("Theodora", "Theodora"),
        ("'s", "'s"),
        ("the", "the"),
        (" ’ ", "’"),
    ],
)
def test_normalise(said: str, name: str) -> None:
    assert normalise(said) == name


@given(st.text(min_size=1).filter(str.strip))
def test_a_name_is_never_empty(said: str) -> None:
    assert normalise(said)
    assert group_names([Mention(0, 1, said, "person")])[0].name


def test_a_surname_is_its_owner_s_before_and_behind() -> None:
    text = named(
        "[person Halvorsen] smiled. [person Sigrun Halvorsen], [person Sigrun], "
        "[person Halvorsen’s] aide and [person Janis Ozols] stood by."
    )

    assert text.said == {
        "Sigrun Halvorsen": ["Halvorsen", "Sigrun Halvorsen", "Sigrun", "Halvorsen’s"],
        "Janis Ozols": ["Janis Ozols"],
    }


def test_an_arabic_article_may_be_dropped() -> None:
    text = named("[person Waleed Al-Jari] spoke. [person Jari] left, [person al-Jari] too.")

    assert text.said == {"Waleed Al-Jari": ["Waleed Al-Jari", "Jari", "al-Jari"]}


def test_a_name_between_is_left_out_and_found() -> None:
    text = named("[person Ana Maria Reis Costa] and [person Ana Reis] and [person Costa Ana]")

    assert list(text.said.values()) == [["Ana Maria Reis Costa", "Ana Reis"], ["Costa Ana"]]


def test_a_shared_surname_is_whoever_was_named_last() -> None:
    text = named(
        "[person Vera Kolb] met [person Otto Kolb]. [person Kolb] spoke. [person Vera Kolb] "
        "did not. [person Kolb] left. [person Otto] stayed. [person Kolb] too."
    )

    assert text.said == {
        "Vera Kolb": ["Vera Kolb", "Vera Kolb", "Kolb"],
        "Otto Kolb": ["Otto Kolb", "Kolb", "Otto", "Kolb"],
    }


def test_a_shared_surname_before_both_is_the_nearer() -> None:
    text = named("[person Kolb] spoke. [person Otto Kolb] left. [person Vera Kolb] sang.")

    assert text.said["Otto Kolb"] == ["Kolb", "Otto Kolb"]


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Blue Water League", "BWL"),
        ("Bank of the North", "BN"),
        ("Bank of the North", "BOTN"),
        ("Union of River Pilots", "U.R.P."),
        ("the League of Blue Water", "Blue Water League"),
    ],
)
def test_an_organisation_and_its_short_form(full: str, short: str) -> None:
    text = named(f"[organisation {short}] or [organisation {full}] or [organisation Red League]")

    assert [len(said) for said in text.said.values()] == [2, 1]


@pytest.mark.parametrize("short", ["League", "BLW", "Blue League", "bwl"])
def test_what_is_no_short_form_stays_apart(short: str) -> None:
    text = named(f"[organisation Blue Water League] and [organisation {short}]")

    assert len(text.entities) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("United States", "U.S."),
        ("America", "US"),
        ("Britain", "the United Kingdom"),
        ("Türkiye", "Turkey"),
        ("UN", "United Nations"),
        ("Burma", "Myanmar"),
    ],
)
def test_a_state_by_its_other_names(one: str, other: str) -> None:
    text = named(f"[place {one}] said so, [organisation {other}] agreed, [place Peru] did not")

    assert len(text.entities) == 2
    assert text.entities[0].mentions == [0, 1]


def test_the_fullest_name_stands_for_all() -> None:
    text = named("[place US] and [place United States of America] and [place U.S.]")

    assert text.names == ["United States of America"]


def test_a_person_is_no_place_of_that_name() -> None:
    text = named("[person Paris Doukas] left [place Paris].")

    assert text.names == ["Paris Doukas", "Paris"]


@given(st.lists(st.tuples(st.sampled_from(["Ana Reis", "Reis", "UN", "Peru", "'", "Bo Reis"]))))
def test_each_mention_has_one_owner(texts: list[tuple[str]]) -> None:
    mentions = [Mention(i, i + 1, said, "person") for i, (said,) in enumerate(texts)]

    entities = group_names(mentions)

    assert sorted(m for entity in entities for m in entity.mentions) == list(range(len(texts)))
    assert [entity.mentions[0] for entity in entities] == sorted(
        entity.mentions[0] for entity in entities
    )


def test_thousands_of_names_take_no_time() -> None:
    said = [f"Given{i % 4000} Family{i % 4000}" for i in range(8000)]
    mentions = [Mention(i, i + 1, text, "person") for i, text in enumerate(said)]

    began = time.process_time()
    entities = group_names(mentions)

    assert len(entities) == 4000
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Halvorsen", ["Sigrun Halvorsen"]),
        ("the sigrun halvorsen", ["Sigrun Halvorsen"]),
        ("Latvians", ["Peru", "Latvia"]),
        ("U.S.", ["American"]),
        ("BWL", ["Blue Water League"]),
        ("Blue Water League", ["BWL"]),
    ],
)
def test_names_agree(name: str, others: list[str]) -> None:
    assert names_agree(name, others)


@pytest.mark.parametrize(
    ("name", "others"),
    [("Halvorsen", []), ("Latvia", ["Peru"]), ("Otto Kolb", ["Vera Kolb"]), ("...", ["!!!"])],
)
def test_names_disagree(name: str, others: list[str]) -> None:
    assert not names_agree(name, others)
