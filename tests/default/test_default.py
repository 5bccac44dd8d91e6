"""The embedded reader with its real weights, on prose that it never saw."""

from __future__ import annotations

from pathlib import Path

import pytest

import pipelines
from pipelines.article import Analysis, Claim
from pipelines.model import DEFAULT_WEIGHTS, Model
from pipelines.references import read_references

READOUT = """Norwegian Defence Minister Ingrid Solheim and her Finnish counterpart Mikko \
Laaksonen discussed joint patrols in the Barents Sea at a meeting in Tromsø on 4 June.

Solheim stressed that the partnership between the two countries had never been closer and \
serves the security of the whole north.

“Our navies already train together every spring, and next year they will sail under one \
plan,” the Norwegian minister said.

She also underlined the importance of a shared radar picture.

Laaksonen warned that Belarus is becoming a serious threat to the region's air traffic.

The Finnish defence minister thanked Norway for its help during the floods and reaffirmed \
that Finland recognises Norway's sovereignty over Svalbard.
"""


@pytest.fixture(scope="module")
def reader() -> Model:
    return pipelines.load()


@pytest.fixture(scope="module")
def analysis(reader: Model) -> Analysis:
    (read,) = reader.analyse([READOUT])
    read.verify(READOUT)
    return read


def claim_about(analysis: Analysis, words: str) -> Claim:
    (claim,) = [claim for claim in analysis.claims if words in claim.text]
    return claim


def test_the_summary_names_both_ministers_within_eighty_words(analysis: Analysis) -> None:
    summary = analysis.summary.text
    assert "Ingrid Solheim" in summary
    assert "Mikko Laaksonen" in summary
    assert len(summary.split()) <= 80


def test_every_claim_is_one_of_the_two_ministers(analysis: Analysis) -> None:
    named = {name for claim in analysis.claims for name in claim.speaker.names}
    assert named == {"Ingrid Solheim", "Mikko Laaksonen"}
    assert len(analysis.claims) >= 6


@pytest.mark.parametrize(
    ("words", "speaker", "stances"),
    [
        ("train together every spring", "Ingrid Solheim", {"cooperation", "support"}),
        ("air traffic", "Mikko Laaksonen", {"threat"}),
        ("during the floods", "Mikko Laaksonen", {"support"}),
        ("sovereignty over Svalbard", "Mikko Laaksonen", {"recognition"}),
    ],
)
def test_each_claim_has_its_speaker_and_stance(
    analysis: Analysis, words: str, speaker: str, stances: set[str]
) -> None:
    claim = claim_about(analysis, words)
    assert claim.speaker.names == (speaker,)
    assert claim.stance in stances


def test_praise_of_a_partnership_is_positive(analysis: Analysis) -> None:
    """Its stance is a known error of these weights; see the limits in the model card."""
    claim = claim_about(analysis, "never been closer")
    assert claim.speaker.names == ("Ingrid Solheim",)
    assert claim.polarity == "positive"


def test_the_danger_is_seen_in_belarus(analysis: Analysis) -> None:
    claim = claim_about(analysis, "air traffic")
    assert claim.targets == ("Belarus",)
    assert claim.threat_from == "other"
    assert claim.polarity == "negative"


def test_a_counterpart_has_the_same_office_of_the_other_state(analysis: Analysis) -> None:
    roles = {speaker.name: speaker.role for speaker in analysis.speakers}
    assert roles["Ingrid Solheim"] == "Norwegian Defence Minister"
    assert roles["Mikko Laaksonen"] == "Finnish Defence Minister"


def test_the_weights_stay_small() -> None:
    assert (DEFAULT_WEIGHTS / "model.safetensors").stat().st_size < 50e6


def test_the_seeds_are_read_as_well_as_the_model_card_says(reader: Model) -> None:
    """A floor well under the measured figures: it falls when reading breaks, not when it
    wavers."""
    path = Path(__file__).parents[2] / "seeds" / "articles" / "dev.jsonl"
    references = read_references(path)[:8]
    found = right = total = 0
    for reference, read in zip(
        references, reader.analyse([r.article for r in references]), strict=True
    ):
        total += len(reference.claims)
        for label in reference.claims:
            wanted = {i for start, end in label.content for i in range(start, end)}
            for claim in read.claims:
                own = {i for start, end in claim.content for i in range(start, end)}
                if len(own & wanted) * 2 >= len(own | wanted):
                    found += 1
                    right += claim.stance in (label.stance, *label.also)
                    break
    assert found / total > 0.75
    assert right / found > 0.6
