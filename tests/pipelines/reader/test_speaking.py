"""Claims of one reading resolved one after the other."""

from __future__ import annotations

from pipelines.article import Analysis
from tests.pipelines.reader.test_assemble import Hand


def speakers(analysis: Analysis) -> list[tuple[str, ...]]:
    return [claim.speaker.names for claim in analysis.claims]


def test_a_quotation_without_a_source_is_the_speaker_s_before() -> None:
    page = Hand(
        "Ona Varga said the port opens. “It took us ten years.” The rain stopped.",
        (("Ona Varga", "person"),),
    )
    page.claim("the port opens", source="Ona Varga", cue="said")
    page.claim("It took us ten years")
    page.claim("The rain stopped")

    assert speakers(page.analysis()) == [("Ona Varga",), ("Ona Varga",)]


def test_he_goes_on_when_the_network_does_not_know_better() -> None:
    page = Hand(
        "Ona Varga said yes to Arvid Lund. She added that all is well.",
        (("Ona Varga", "person"), ("Arvid Lund", "person")),
    )
    page.claim("yes to Arvid Lund", source="Ona Varga", cue="said")
    page.claim("all is well", source="She", cue="added", speakers={0: 0.4, 1: 0.6})
    assert speakers(page.analysis()) == [("Ona Varga",), ("Ona Varga",)]

    page.claims[1].speakers = {0: 0.1, 1: 0.9}
    assert speakers(page.analysis()) == [("Ona Varga",), ("Arvid Lund",)]


def test_he_stays_he_where_the_network_sees_nobody() -> None:
    page = Hand("Ona Varga said yes. He added that all is well.", (("Ona Varga", "person"),))
    page.claim("yes", source="Ona Varga", cue="said")
    page.claim("all is well", source="He", cue="added")

    assert speakers(page.analysis()) == [("Ona Varga",), ("He",)]


def test_a_pronoun_may_stand_for_somebody_unnamed() -> None:
    page = Hand("A senior envoy said yes. He added that all is well.")
    page.claim("yes", source="A senior envoy", cue="said")
    page.claim("all is well", source="He", cue="added")

    assert speakers(page.analysis()) == [("A senior envoy",), ("A senior envoy",)]


def test_a_body_named_before_is_meant_by_its_last_word() -> None:
    page = Hand("The Harbour Council said yes. The council added that all is well.")
    page.claim("yes", source="The Harbour Council", cue="said")
    page.claim("all is well", source="The council", cue="added")

    assert speakers(page.analysis()) == [("Harbour Council",), ("Harbour Council",)]


def test_the_article_before_a_name_is_no_part_of_it() -> None:
    page = Hand("Then the Blue League said yes.", (("Blue League", "organisation"),))
    page.claim("yes", source="the Blue League", cue="said", speakers={0: 0.1})

    (claim,) = page.analysis().claims
    assert claim.speaker.names == ("Blue League",)
    assert claim.confidence > 0.4


def test_somebody_described_is_meant_by_their_head_word() -> None:
    page = Hand("A senior customs officer in Riga said yes. The officer added that all is well.")
    page.claim("yes", source="A senior customs officer in Riga", cue="said")
    page.claim("all is well", source="The officer", cue="added")

    assert speakers(page.analysis()) == [("A senior customs officer in Riga",)] * 2


def test_a_body_s_own_name_goes_before_what_it_was_called_in_passing() -> None:
    page = Hand(
        "The National Union of Miners said yes. A trade union said no. The union left.",
        (("National Union of Miners", "organisation"),),
    )
    page.claim("yes", source="The National Union of Miners", cue="said")
    page.claim("no", source="A trade union", cue="said")
    page.claim("left", source="The union")

    assert speakers(page.analysis())[2] == ("National Union of Miners",)


def test_what_is_told_of_a_named_person_is_not_part_of_the_name() -> None:
    page = Hand(
        "Ona Varga, who chairs the Harbour Council, said yes.",
        (("Ona Varga", "person"), ("Harbour Council", "organisation")),
    )
    page.claim("yes", source="Ona Varga, who chairs the Harbour Council", cue="said")

    assert speakers(page.analysis()) == [("Ona Varga",)]


def test_a_body_is_meant_by_its_initials() -> None:
    page = Hand(
        "The Harbour and Hotels Association said yes. The HHA added that all is well.",
        (("Harbour and Hotels Association", "organisation"),),
    )
    page.claim("yes", source="The Harbour and Hotels Association", cue="said")
    page.claim("all is well", source="The HHA", cue="added")

    assert speakers(page.analysis()) == [("Harbour and Hotels Association",)] * 2


def test_what_follows_a_preposition_is_not_the_head() -> None:
    page = Hand("Heads of government said yes. The Government added that all is well.")
    page.claim("yes", source="Heads of government", cue="said")
    page.claim("all is well", source="The Government", cue="added")

    assert speakers(page.analysis())[1] == ("Government",)
