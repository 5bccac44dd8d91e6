"""Names and sources made whole."""

from __future__ import annotations

import pytest

from pipelines.reader.document import Document, make_document
from pipelines.reader.refine import refine_source, whole_names
from pipelines.speakers.names import Mention
from tests.fixtures.checkpoint import tiny_tokenizer

TOKENIZER = tiny_tokenizer()


def words(document: Document, shown: str) -> tuple[int, int]:
    start = document.text.index(shown)
    found = document.word_range((start, start + len(shown)))
    assert found is not None
    return found


def mention(document: Document, shown: str, kind: str = "person") -> Mention:
    return Mention(*words(document, shown), shown, kind)


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("It was Youth Chairman Ona Varga who spoke.", "Varga", "Ona Varga"),
        ("It was Minister Varga who spoke.", "Varga", "Varga"),
        ("Yesterday Varga spoke.", "Varga", "Varga"),
        ("On Monday, Varga spoke.", "Varga", "Varga"),
        ("We met Norwegian Varga there.", "Varga", "Varga"),
        ("It was MP Varga who spoke.", "Varga", "Varga"),
        ("Then Vice-Minister Ko Sang-uk spoke.", "Ko Sang", "Ko Sang-uk"),
        ("Then Vice-Minister Ko Sang-uk spoke.", "Ko Sang-", "Ko Sang-uk"),
        ("Then S.Varga spoke.", "Varga", "S.Varga"),
        ("Then Varga - she spoke - left.", "Varga -", "Varga"),
    ],
)
def test_names_are_whole(text: str, found: str, whole: str) -> None:
    document = make_document(text, TOKENIZER)

    (mended,) = whole_names(document, [mention(document, found)])

    assert mended.text == whole
    assert document.characters((mended.start, mended.end)) == (
        text.index(whole),
        text.index(whole) + len(whole),
    )


def test_a_person_s_two_names_are_one() -> None:
    document = make_document("Then Ona Varga spoke, Arvid Lund too.", TOKENIZER)
    names = [mention(document, name) for name in ("Ona", "Varga", "Arvid", "Lund")]

    assert [name.text for name in whole_names(document, names)] == ["Ona Varga", "Arvid Lund"]


def test_a_name_beside_another_takes_nothing_of_it() -> None:
    document = make_document("Then Riga Varga spoke.", TOKENIZER)
    names = [mention(document, "Riga", "place"), mention(document, "Varga")]

    assert [name.text for name in whole_names(document, names)] == ["Riga", "Varga"]


def test_brackets_are_seen() -> None:
    document = make_document("The Blue League (BL) spoke.", TOKENIZER)
    at = document.text.index("BL)")
    short = document.word_range((at, at + 2))
    assert short is not None
    names = [mention(document, "Blue League", "organisation"), Mention(*short, "BL", "other")]

    assert [name.bracketed for name in whole_names(document, names)] == [False, True]


@pytest.mark.parametrize(
    ("text", "source", "cue", "names", "whole"),
    [
        ("Then Ona Varga said so.", "Ona", "said", ["Ona Varga"], "Ona Varga"),
        (
            "Navy chief Arvid Lund said so.",
            "Navy chief",
            "said",
            ["Arvid Lund"],
            "Navy chief Arvid Lund",
        ),
        (
            "Its deputy head, Arvid Lund, said so.",
            "Its deputy head",
            "said",
            ["Arvid Lund"],
            "Its deputy head, Arvid Lund",
        ),
        (
            "Latvian Defence Minister Ona Varga said so.",
            "Latvian",
            "said",
            ["Ona Varga"],
            "Latvian Defence Minister Ona Varga",
        ),
        ("The minister once more said so.", "The", "said", [], "The minister"),
        (
            "The Georgian Defence Minister said so.",
            "The",
            "said",
            [],
            "The Georgian Defence Minister",
        ),
        (
            "Minister Ona Varga and her guest Arvid Lund said so.",
            "Minister Ona Varga",
            "said",
            ["Ona Varga", "Arvid Lund"],
            "Minister Ona Varga and her guest Arvid Lund",
        ),
        ("Ona Varga and others said so.", "Ona Varga", "said", ["Ona Varga"], "Ona Varga"),
        ("The talks, said Arvid Lund, end.", "Arvid Lund", "said", ["Arvid Lund"], "Arvid Lund"),
    ],
)
def test_sources_are_whole(text: str, source: str, cue: str, names: list[str], whole: str) -> None:
    document = make_document(text, TOKENIZER)
    mentions = [mention(document, name) for name in names]

    mended = refine_source(document, words(document, source), words(document, cue), mentions)

    start, end = document.characters(mended)
    assert text[start:end] == whole
