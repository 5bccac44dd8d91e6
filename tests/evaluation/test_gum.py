"""GUM in small: CoNLL-U of our own prose, in its newest and its oldest way of entities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evaluation.corpora import Corpus, read_corpora
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings

NEW_HEAD = """\
# newdoc id = GUM_news_ferry
# global.Entity = GRP-etype-infstat-centering-minspan-link-identity
# meta::title = Ferry to run
# meta::dateCreated = 2016-05-04
# meta::summary1 = (human1) The ferry will run all winter, the captain says.
# meta::summary2 = (human2) A captain keeps the ferry going.
# newpar
# sent_id = 1
# text = Captain Aud Moe isn't worried.
"""


def line(number: Any, form: str, upos: str, head: Any, deprel: str, misc: str = "_") -> str:
    return "\t".join([str(number), form, form, upos, "_", "_", str(head), deprel, "_", misc])


NEW = NEW_HEAD + "\n".join(
    [
        line(
            1,
            "Captain",
            "NOUN",
            5,
            "nsubj",
            "Discourse=ROOT:1:0|Entity=(1-person-new-cf1-2,3-coref-Aud_Moe",
        ),
        line(2, "Aud", "PROPN", 1, "flat"),
        line(3, "Moe", "PROPN", 1, "flat", "Entity=1)"),
        line("4-5", "isn't", "_", "_", "_"),
        line(4, "is", "AUX", 6, "cop"),
        line(5, "n't", "PART", 6, "advmod"),
        line(6, "worried", "ADJ", 0, "root", "SpaceAfter=No"),
        line(7, ".", "PUNCT", 6, "punct"),
        "",
        "# newpar",
        "# sent_id = 2",
        line(
            1,
            "She",
            "PRON",
            2,
            "nsubj",
            "Discourse=attribution-positive:2->3:2:syn-1|Entity=(1-person-giv:act-cf1-1-ana)",
        ),
        line(2, "said", "VERB", 0, "root"),
        line("2.1", "that", "_", "_", "_"),
        line(3, "the", "DET", 4, "det", "Discourse=elaboration:3->1:1|Entity=(2-object-new"),
        line(4, "ferry", "NOUN", 6, "nsubj", "Entity=2)"),
        line(5, "would", "AUX", 6, "aux"),
        line(6, "run", "VERB", 2, "ccomp"),
        line(7, "if", "SCONJ", 8, "mark", "Discourse=contingency-condition:4->3:0"),
        line(8, "asked", "VERB", 6, "advcl", "SpaceAfter=No"),
        line(9, ",", "PUNCT", 6, "punct"),
        line(10, "as", "SCONJ", 12, "mark", "Discourse=explanation:5->3:3"),
        line(11, "ice", "NOUN", 12, "nsubj"),
        line(12, "melts", "VERB", 6, "advcl", "SpaceAfter=No"),
        line(13, ".", "PUNCT", 2, "punct"),
        "",
    ]
)

OLD = "\n".join(
    [
        "# newdoc id = GUM_news_port",
        "# sent_id = 1",
        line(1, "The", "DET", 2, "det", "Discourse=attribution:1->2|Entity=(organization-7"),
        line(2, "Port", "PROPN", 6, "nsubj"),
        line(3, "of", "ADP", 4, "case"),
        line(4, "Vik", "PROPN", 2, "nmod", "Entity=(place-8-Vik)organization-7)"),
        line(5, "was", "AUX", 6, "aux"),
        line(6, "told", "VERB", 0, "root"),
        line(7, "all", "PRON", 8, "nsubj", "Discourse=ROOT:2"),
        line(8, "went", "VERB", 6, "ccomp"),
        "",
        "# newdoc id = GUM_voyage_vik",
        "# sent_id = 1",
        line(1, "Vik", "PROPN", 0, "root"),
        "",
    ]
)


def read(place: Path, **fields: Any) -> Corpus:
    (corpus,) = read_corpora([f"gum:{place}"], Settings(**fields))
    return corpus


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dep").mkdir()
    (tmp_path / "dep" / "GUM_news_ferry.conllu").write_text(NEW, encoding="utf-8")
    (tmp_path / "dep" / "GUM_voyage_vik.conllu").write_text("broken", encoding="utf-8")
    return tmp_path


def test_text_claims_names_and_summaries(folder: Path) -> None:
    (reference,) = read(folder).references
    text = reference.text or ""
    assert text.splitlines() == [
        "Captain Aud Moe isn't worried.",
        "",
        "She said the ferry would run if asked, as ice melts.",
    ]
    (claim,) = reference.claims
    # The condition hangs inside what is said; the reason hangs above the attribution.
    assert [text[a:b] for a, b in claim.content] == ["the ferry would run if asked,"]
    assert [text[a:b] for a, b in claim.speaker.mention] == ["She"]
    assert claim.speaker.names == ("Aud Moe",)
    assert reference.summary == ("The ferry will run all winter, the captain says.",)
    assert reference.more_summaries == (("A captain keeps the ferry going.",),)
    assert (reference.title, reference.date) == ("Ferry to run", "2016-05-04")


def test_the_oldest_form_and_a_split_of_universal_dependencies(tmp_path: Path) -> None:
    (tmp_path / "en_gum-ud-dev.conllu").write_text(OLD, encoding="utf-8")
    corpus = read(tmp_path, split="dev")
    (reference,) = corpus.references  # the voyage is no news
    (claim,) = reference.claims
    text = reference.text or ""
    assert [text[a:b] for a, b in claim.content] == ["all went"]
    assert [text[a:b] for a, b in claim.speaker.mention] == ["The Port of Vik"]
    assert claim.speaker.names == ("Port of Vik",)
    assert corpus.labelled == {"text", "content", "source", "speaker", "summary"}
    with pytest.raises(BenchmarkError, match=r"has no en_gum-ud-train\.conllu"):
        read(tmp_path, split="train")


def test_a_malformed_document_is_named_and_the_others_are_read(folder: Path) -> None:
    path = folder / "dep" / "GUM_news_ferry.conllu"
    other = "# newdoc id = GUM_news_bad\n# sent_id = 1\n1\tVik\tVik\n"
    odd = f"# newdoc id = GUM_news_odd\n{line(1, 'Vik', 'PROPN', 0, 'root', 'Discourse=??')}\n"
    path.write_text(f"{other}\n{odd}\n{NEW}", encoding="utf-8")
    corpus = read(path)
    assert [r.id for r in corpus.references] == ["GUM_news_ferry"]
    first, second = corpus.problems
    assert first.startswith(f"{path}:3: GUM_news_bad: has 3 cells, not 10")
    assert "Discourse=?? is no relation" in second
