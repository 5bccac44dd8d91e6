"""From the mention that speaks to names."""

from __future__ import annotations

import pytest

from pipelines.speakers.resolve import Resolved, SpeakerContext, resolve
from tests.pipelines.speakers.text import named

TEXT = named(
    "Norwegian Defence Minister [person Sigrun Halvorsen] met her Latvian counterpart "
    "[person Janis Ozols] in [place Riga]. The [organisation Blue Water League] and "
    "[place Peru] watched, as did [person Ona Varga]."
)
HALVORSEN, OZOLS, RIGA, LEAGUE, PERU, VARGA = range(6)


def who(
    mention: str,
    probabilities: dict[int, float] | None = None,
    *,
    inside: tuple[tuple[int, bool], ...] = (),
    threshold: float = 0.5,
    ends_with_name: bool = False,
) -> Resolved:
    context = SpeakerContext(
        entities=TEXT.entities,
        roles=TEXT.role_numbers,
        inside=inside,
        probabilities=probabilities or {},
        threshold=threshold,
        ends_with_name=ends_with_name,
    )
    return resolve(mention, context)


def test_nobody() -> None:
    assert who("") == Resolved((), (), 1.0)
    assert who(" \n", {OZOLS: 0.9}).names == ()


def test_a_name_is_whom_it_names_whatever_the_network_thinks() -> None:
    said = who("Ozols", {HALVORSEN: 0.99}, inside=((OZOLS, True),))

    assert (said.names, said.entities) == (("Janis Ozols",), (OZOLS,))
    assert said.probability > 0.9


@pytest.mark.parametrize("mention", ["the Latvian Defense Minister", "The Latvian minister"])
def test_an_office_is_its_holder(mention: str) -> None:
    said = who(mention, {HALVORSEN: 0.99, OZOLS: 0.1})

    assert (said.names, said.entities) == (("Janis Ozols",), (OZOLS,))
    assert said.probability == 0.9


def test_a_pronoun_is_the_likeliest_also_when_unsure() -> None:
    assert who("she", {OZOLS: 0.2, HALVORSEN: 0.4}).names == ("Sigrun Halvorsen",)
    assert who("He", {OZOLS: 0.7, HALVORSEN: 0.4}).names == ("Janis Ozols",)
    assert who("she", {HALVORSEN: 0.4}).probability == 0.4


def test_a_pronoun_with_nobody_near_stays() -> None:
    assert who("she") == Resolved(("she",), (-1,), 1.0)


@pytest.mark.parametrize(
    "mention", ["the sides", "Both sides", "both ministers", "the two defence ministers", "both"]
)
def test_joint_speakers_are_both_office_holders(mention: str) -> None:
    said = who(mention, {VARGA: 0.45, OZOLS: 0.3, HALVORSEN: 0.2, PERU: 0.4})

    assert said.names == ("Sigrun Halvorsen", "Janis Ozols")
    assert said.entities == (HALVORSEN, OZOLS)


def test_joint_speakers_without_persons_are_states_and_groups() -> None:
    assert who("the parties", {PERU: 0.2, LEAGUE: 0.3}).names == ("Blue Water League", "Peru")


def test_joint_speakers_who_are_not_two_keep_their_description() -> None:
    assert who("the sides", {PERU: 0.2}).names == ("sides",)


def test_those_the_network_is_sure_of_speak_in_order_of_the_text() -> None:
    said = who("the hosts", {OZOLS: 0.6, HALVORSEN: 0.8, VARGA: 0.3})

    assert said.names == ("Sigrun Halvorsen", "Janis Ozols")
    assert said.probability == 0.6


@pytest.mark.parametrize("mention", ["the host", "the boss", "she"])
def test_one_speaker_is_one_however_many_are_likely(mention: str) -> None:
    said = who(mention, {OZOLS: 0.6, HALVORSEN: 0.8})

    assert (said.names, said.probability) == (("Sigrun Halvorsen",), 0.8)


@pytest.mark.parametrize("mention", ["they", "the host and the guest"])
def test_several_speakers_are_several(mention: str) -> None:
    assert len(who(mention, {OZOLS: 0.6, HALVORSEN: 0.8}).names) == 2


def test_a_person_goes_before_a_place() -> None:
    assert who("the visitor", {RIGA: 0.9, VARGA: 0.6}).names == ("Ona Varga",)
    assert who("the city", {RIGA: 0.9, VARGA: 0.4}).names == ("Riga",)


def test_the_threshold_is_a_setting() -> None:
    assert who("the guest", {VARGA: 0.6}, threshold=0.7).names == ("guest",)
    assert who("the guest", {VARGA: 0.6}, threshold=0.5).names == ("Ona Varga",)


def test_an_unnamed_source_keeps_its_description() -> None:
    said = who("a senior  official", {VARGA: 0.25})

    assert said.names == ("a senior official",)
    assert said.entities == (-1,)
    assert said.probability == 0.75


@pytest.mark.parametrize("mention", ["'s", "the", "’", "."])
def test_no_mention_gives_an_empty_name(mention: str) -> None:
    assert all(who(mention).names)


def test_a_title_and_a_name_is_whom_the_name_belongs_to() -> None:
    said = who("Minister Ozols", {HALVORSEN: 0.9}, inside=((OZOLS, False),), ends_with_name=True)

    assert (said.names, said.entities) == (("Janis Ozols",), (OZOLS,))


def test_somebody_of_a_named_person_is_not_that_person() -> None:
    said = who("Ozols’s driver", {OZOLS: 0.1}, inside=((OZOLS, False),))

    assert said.names == ("Ozols’s driver",)


def test_an_office_beside_a_name_is_not_looked_up() -> None:
    """The Norwegian minister is known, yet it is not she whom the words mean."""
    said = who("Varga’s Norwegian minister", inside=((VARGA, False),))

    assert said.names == ("Varga’s Norwegian minister",)


def test_an_office_that_two_hold_is_the_likelier_s() -> None:
    said = who("the defence minister", {HALVORSEN: 0.2, OZOLS: 0.3})

    assert (said.names, said.probability) == (("Janis Ozols",), 0.6)


def test_an_office_may_be_said_in_initials() -> None:
    assert who("the DM", {HALVORSEN: 0.7, OZOLS: 0.2}).names == ("Sigrun Halvorsen",)
    assert who("the CEO", {VARGA: 0.1}).names == ("CEO",)


def test_one_person_is_not_they() -> None:
    assert who("They", {OZOLS: 0.9, LEAGUE: 0.3}).names == ("Blue Water League",)
    assert who("They", {OZOLS: 0.9, HALVORSEN: 0.8}).names == ("Sigrun Halvorsen", "Janis Ozols")


def test_two_who_are_new_to_the_text_are_not_the_two_before() -> None:
    near = {OZOLS: 0.3, HALVORSEN: 0.2}

    assert who("Two Western diplomats", near).names == ("Two Western diplomats",)
    assert len(who("the two diplomats", near).names) == 2


@pytest.mark.parametrize(
    "mention",
    ["a diplomat who sat through it", "a diplomat, tired and hungry", "a diplomat – an old one"],
)
def test_a_description_ends_where_more_is_told(mention: str) -> None:
    assert who(mention).names == ("a diplomat",)


def test_a_spokesman_of_a_named_minister_is_not_the_minister() -> None:
    said = who(
        "A spokesman for Defence Minister Ozols",
        {HALVORSEN: 0.1},
        inside=((OZOLS, False),),
        ends_with_name=True,
    )

    assert said.names == ("A spokesman for Defence Minister Ozols",)


def test_both_countries_are_states_also_where_persons_are_likelier() -> None:
    near = {OZOLS: 0.9, HALVORSEN: 0.8, RIGA: 0.3, PERU: 0.2}

    assert who("Both countries", near).names == ("Riga", "Peru")
