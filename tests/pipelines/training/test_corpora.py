"""Each corpus becomes examples that say what its labels say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.reader.document import Document, make_document
from pipelines.reader.network import NAME_KINDS
from pipelines.training.corpora import names
from pipelines.training.examples import IGNORED, Example
from pipelines.training.run import load_corpora
from tests.fixtures.checkpoint import tiny_tokenizer
from tests.fixtures.corpora import write_corpora, write_rows
from tests.fixtures.prose import CANAL, FISHING

SOURCE, CUE, CONTENT = range(3)


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Example]]:
    data, labels, stances = write_corpora(tmp_path_factory.mktemp("corpora"))
    return load_corpora(data, [labels], [stances], tiny_tokenizer())


def shown(document: Document, tags: np.ndarray) -> list[str]:
    """The text under each B and the I's that follow it."""
    out = []
    for start in np.flatnonzero(tags == 1).tolist():
        end = start + 1
        while end < len(tags) and tags[end] == 2:
            end += 1
        first, last = document.characters((start, end))
        out.append(document.text[first:last])
    return out


def test_every_corpus_is_there(corpora: dict[str, list[Example]]) -> None:
    assert {name: len(rows) for name, rows in corpora.items()} == {
        "polnear": 1,
        "names": 1,
        "newswire": 1,
        "articles": 1,
        "coreference": 1,
        "stances": 1,
        "mosaics": 0,  # the one article of the stances has more than one claim
        "events": 2,
        "summaries": 2,
    }


def test_polnear_teaches_spans_and_links_and_ignores_the_discarded(
    corpora: dict[str, list[Example]],
) -> None:
    (example,) = corpora["polnear"]
    document, tags = example.document, example.tags

    assert tags is not None
    assert not example.guide
    assert example.linked
    assert shown(document, tags[:, SOURCE]) == ["The United Nations"]
    assert shown(document, tags[:, CUE]) == ["said"]
    assert shown(document, tags[:, CONTENT]) == ["it was ready to mediate"]
    ignored = np.flatnonzero((tags == IGNORED).all(axis=1))
    first, last = document.characters((int(ignored[0]), int(ignored[-1]) + 1))
    assert CANAL[first:last] == "Washington denied it"
    assert example.claims[0].stances is None


def test_names_are_aligned(corpora: dict[str, list[Example]]) -> None:
    (example,) = corpora["names"]
    assert example.names is not None
    found = {
        kind: shown(example.document, example.names - 2 * k) for k, kind in enumerate(NAME_KINDS)
    }

    assert found["person"][:3] == ["Sigrun Halvorsen", "Janis Ozols", "Halvorsen"]
    assert set(found["place"]) == {"Norway", "Riga"}
    assert found["people"] == ["Latvian"]
    assert (example.names != IGNORED).all()


def test_words_that_no_token_covers_are_ignored(tmp_path: Path) -> None:
    articles = write_rows(tmp_path / "a.jsonl", [{"id": "a", "text": "Ana left Riga early."}])
    sentences = [{"tokens": ["Ana", "absent", "Riga"], "tags": ["B-Person", "O", "B-Location"]}]
    entities = write_rows(tmp_path / "e.jsonl", [{"id": "a", "sentences": sentences}])

    example = names(articles, entities, lambda text: make_document(text, tiny_tokenizer()))["a"]

    assert example.names is not None
    assert example.names.tolist() == [1, IGNORED, 5, IGNORED, IGNORED]


def test_references_teach_everything(corpora: dict[str, list[Example]]) -> None:
    (example,) = corpora["newswire"]
    first, second, third = example.claims

    assert example.document is corpora["names"][0].document
    assert example.names is corpora["names"][0].names
    assert (first.stances, second.stances) == (("cooperation",), ("demand",))
    assert (third.stances, third.origin) == (("threat",), "other")
    assert first.names == ("Sigrun Halvorsen",)
    assert third.targets == ("Latvia",)
    assert example.tags is not None
    assert "Ozols" in shown(example.document, example.tags[:, SOURCE])
    assert example.salience is not None
    sentences = [example.document.text[start:end] for start, end in example.document.sentences]
    taken = [sentences[i] for i in np.flatnonzero(example.salience == 1)]
    assert any("clear old mines" in sentence for sentence in taken)
    assert len(taken) <= 3


def test_references_with_a_text_of_their_own_stand_apart(
    corpora: dict[str, list[Example]],
) -> None:
    (example,) = corpora["articles"]

    assert example.names is None
    assert [claim.stances for claim in example.claims] == [
        claim.stances for claim in corpora["newswire"][0].claims
    ]


def test_coreference_teaches_whom_a_mention_means(corpora: dict[str, list[Example]]) -> None:
    (example,) = corpora["coreference"]
    pointers = [
        (FISHING[slice(*example.document.characters(words))], names)
        for words, names in example.pointers
    ]

    assert pointers == [
        ("The fisheries minister", ("Katrin Jonsdottir",)),
        ("She", ("Katrin Jonsdottir",)),
    ]


def test_labels_of_single_claims_bring_their_text(corpora: dict[str, list[Example]]) -> None:
    (example,) = corpora["stances"]

    assert example.names is None
    assert len(example.claims) == 3


def test_events_teach_stance_alone(corpora: dict[str, list[Example]]) -> None:
    with_actor, without = corpora["events"]

    assert with_actor.claims[0].source == [(0, 1)]
    assert with_actor.claims[0].content == [(1, 7)]
    assert with_actor.claims[0].stances == ("coercion",)
    assert without.claims[0].content == [(0, 5)]
    assert (with_actor.tags, with_actor.names, with_actor.linked) == (None, None, False)
    assert with_actor.weight < 1


def test_summaries_teach_salience(corpora: dict[str, list[Example]]) -> None:
    for example in corpora["summaries"]:
        assert example.salience is not None
        assert len(example.salience) == len(example.document.sentences) >= 4
        assert example.salience.min() >= 0
        assert example.salience.max() <= 1
    fishing = corpora["summaries"][0].salience
    assert fishing is not None
    assert fishing[0] == 1
