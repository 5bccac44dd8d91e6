"""Statements: pages whose every paragraph is one speaker's."""

from __future__ import annotations

from pipelines.article import Analysis
from tests.pipelines.reader.test_assemble import Hand

REPORT = "Ona Varga spoke in Riga. The port opens in May. “We are glad,” she said."
STATEMENT = (
    "Harbour Council of Riga\n\nWe deplore the delay. Our crews are ready.\n\n"
    "We thank Peru for its help. “Not now,” they told us."
)


def told(analysis: Analysis) -> list[tuple[str, tuple[str, ...]]]:
    return [(claim.text, claim.speaker.names) for claim in analysis.claims]


def test_what_nobody_says_is_left_out_of_a_report() -> None:
    page = Hand(REPORT, (("Ona Varga", "person"),))
    page.claim("The port opens in May")
    page.claim("We are glad", source="she", cue="said", speakers={0: 0.9})

    assert told(page.analysis()) == [("We are glad", ("Ona Varga",))]


def test_a_statement_is_whose_its_paragraphs_are_linked_to() -> None:
    page = Hand(STATEMENT, (("Harbour Council of Riga", "organisation"), ("Peru", "place")))
    page.claim("We deplore the delay", source="Harbour Council of Riga")
    page.claim("Our crews are ready")
    page.claim("Peru for its help", cue="We thank")

    assert [names for _, names in told(page.analysis())] == [("Harbour Council of Riga",)] * 3


def test_a_statement_that_is_linked_to_nobody_is_its_letterhead_s() -> None:
    page = Hand(STATEMENT, (("Harbour Council of Riga", "organisation"), ("Peru", "place")))
    page.claim("We deplore the delay")
    page.claim("Not now", source="they", cue="told")

    ours, theirs = page.analysis().claims

    assert ours.speaker.names == ("Harbour Council of Riga",)
    assert ours.confidence < 0.9
    assert theirs.speaker.names != ours.speaker.names


def test_a_statement_of_nobody_in_particular_has_no_speaker() -> None:
    page = Hand("We came. We saw. We left our boats, and nobody was there to help us.")
    page.claim("We saw")

    assert told(page.analysis()) == []


def test_the_letterhead_is_what_a_body_is_short_for() -> None:
    page = Hand("State Border Service of Peru\n\nThe Service regrets the delay.")
    page.claim("the delay", source="The Service", cue="regrets")

    assert told(page.analysis()) == [("the delay", ("State Border Service of Peru",))]
