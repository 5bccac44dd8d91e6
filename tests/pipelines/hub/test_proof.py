"""Evidence and support of written sentences, by the embedded encoder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import pipelines
from pipelines.article import GeneratedSentence
from pipelines.hub.proof import Prover
from pipelines.reader.reader import ReadArticle, Reader
from pipelines.references import read_references
from tests.fixtures.hub import FALSE, TRUE
from tests.fixtures.prose import CANAL, TALKS

Make = Callable[[str], Path]
DEV = Path(__file__).parents[3] / "seeds" / "articles" / "dev.jsonl"


@pytest.fixture(scope="module")
def reader() -> Reader:
    model = pipelines.load()
    assert isinstance(model, Reader)
    return model


@pytest.fixture(scope="module")
def talks(reader: Reader) -> ReadArticle:
    return reader.read([TALKS])[0]


def prove(reader: Reader, article: ReadArticle, sentence: str) -> GeneratedSentence:
    summary = Prover(reader).prove(article, [sentence], coverage=1.0)
    (proved,) = summary.sentences
    assert isinstance(proved, GeneratedSentence)
    return proved


def test_a_copied_sentence_is_its_own_evidence(reader: Reader, talks: ReadArticle) -> None:
    proved = prove(reader, talks, TRUE)
    assert [TALKS[a:b] for a, b in proved.evidence] == [TRUE]
    assert proved.support == 1.0
    assert proved.supported


def test_a_paraphrase_is_supported_by_the_sentences_it_is_made_of(
    reader: Reader, talks: ReadArticle
) -> None:
    said = "Halvorsen promised joint mine clearing, and Ozols warned of Belarus moving troops."
    proved = prove(reader, talks, said)
    assert proved.supported
    evidence = " ".join(TALKS[a:b] for a, b in proved.evidence)
    assert "old mines" in evidence
    assert "moving troops" in evidence


@pytest.mark.parametrize(
    "sentence",
    [
        FALSE,
        TRUE.replace("Halvorsen", "Farouk"),
        "The plan would cost 41 million euros.",
        "Egypt rejected a proposal to share the tolls of the canal.",
        "Stars shine at night over quiet lakes.",
        "…",
    ],
)
def test_what_the_text_does_not_say_is_not_supported(
    reader: Reader, talks: ReadArticle, sentence: str
) -> None:
    assert not prove(reader, talks, sentence).supported


def test_numbers_are_the_same_with_and_without_a_comma(reader: Reader) -> None:
    (article,) = reader.read(["Peru sent 1,500 soldiers to the border on Monday."])
    assert prove(reader, article, "Peru sent 1500 soldiers to the border.").supported


def test_support_tells_summaries_of_an_article_from_those_of_another(reader: Reader) -> None:
    rows = [row for row in read_references(DEV) if row.text and row.summary][:6]
    read = reader.read([{"text": row.text} for row in rows])
    prover = Prover(reader)
    own: list[GeneratedSentence] = []
    other: list[GeneratedSentence] = []
    for i, row in enumerate(rows):
        for kept, j in ((own, i), (other, (i + 1) % len(rows))):
            for sentence in prover.prove(read[j], row.summary, coverage=1.0).sentences:
                assert isinstance(sentence, GeneratedSentence)
                kept.append(sentence)
    assert min(s.support for s in own) > max(s.support for s in other)
    assert sum(s.supported for s in own) / len(own) > 0.6
    assert not any(s.supported for s in other)


def test_the_unsupported_are_flagged_and_dropped_when_strict(checkpoint: Make) -> None:
    name = str(checkpoint("bart"))
    (flagged,) = pipelines.load(summary=name).analyse([TALKS])
    assert [s.text for s in flagged.summary.sentences] == [TRUE, FALSE]
    assert [s.span is None and s.supported for s in flagged.summary.sentences] == [True, False]
    assert "1 of 2 sentences written have no sufficient support" in flagged.warnings[-1]

    strict = pipelines.load(summary=name, settings=pipelines.StageSettings(strict=True))
    kept, replaced = strict.analyse([TALKS, CANAL])
    assert kept.summary.text == TRUE
    assert all(s.span is not None for s in replaced.summary.sentences)
    assert replaced.summary.text
    replaced.verify(CANAL)
