"""PolNeAR's repository in small, of our own prose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evaluation import Settings, run_benchmark
from evaluation.corpora import Corpus, read_corpora
from evaluation.errors import BenchmarkError
from pipelines.references import LabelError

TEXT = (
    "Ferry to run all winter\r\n\r\n“The ferry will run,” Aud Moe said, “all winter.”\r\n"
    "Per Dahl doubts it. Subscribe to our letter.\r\n"
)


def bound(number: int, kind: str, *words: str) -> str:
    spans = [(TEXT.index(w), TEXT.index(w) + len(w)) for w in words]
    at = ";".join(f"{start} {end}" for start, end in spans)
    return f"T{number}\t{kind} {at}\t{' '.join(words)}"


MOE = [
    bound(1, "Source", "Aud Moe"),
    bound(2, "Cue", "said"),
    bound(3, "Content", "“The ferry will run,”", "“all winter.”"),
    bound(4, "Attribution", "said"),
    "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1",
    bound(5, "Discard", "Subscribe to our letter."),
]
DAHL = [
    bound(6, "Source", "Per Dahl"),
    bound(7, "Cue", "doubts"),
    bound(8, "Content", "it"),
    bound(9, "Attribution", "doubts"),
    "E2\tAttribution:T9 Content:T8 Cue2:T7 Source:T6",
    "A1\tNote E2",
]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    for name in ("text", "attributions"):
        (data / "dev" / name).mkdir(parents=True)
    (data / "dev" / "text" / "paper_2016_ferry.txt").write_bytes(TEXT.encode())
    label(tmp_path, "ab12", [*MOE, *DAHL])
    label(tmp_path, "cd34", MOE)
    (data / "metadata.tsv").write_text(
        "filename\tcompartment\ttitle\tpublication_date\tannotators\n"
        "paper_2016_ferry\tdev\tFerry to run\t2016-05-04\tab12|cd34\n",
        encoding="utf-8",
    )
    return tmp_path


def label(root: Path, annotator: str, lines: list[str]) -> Path:
    path = root / "data" / "dev" / "attributions" / f"paper_2016_ferry_{annotator}.ann"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(place: Path, **fields: Any) -> Corpus:
    (corpus,) = read_corpora([f"polnear:{place}"], Settings(**fields))
    return corpus


def words(reference: Any, spans: Any) -> list[str]:
    return [reference.text[start:end] for start, end in spans]


@pytest.mark.parametrize("inside", [".", "data", "data/dev"])
def test_one_annotator_from_wherever_one_points(repository: Path, inside: str) -> None:
    corpus = read(repository / inside)
    (reference,) = corpus.references
    assert (reference.id, reference.title, reference.date) == (
        "paper_2016_ferry",
        "Ferry to run",
        "2016-05-04",
    )
    assert reference.text == TEXT  # line ends are counted, so they are kept
    moe, dahl = reference.claims
    assert words(reference, moe.content) == ["“The ferry will run,”", "“all winter.”"]
    assert words(reference, moe.cue) == ["said"]
    assert words(reference, moe.speaker.mention) == ["Aud Moe"]
    assert words(reference, dahl.cue) == ["doubts"]
    (masked,) = corpus.masked[reference.id]
    assert TEXT[slice(*masked)] == "Subscribe to our letter."


def test_another_annotator_or_all(repository: Path) -> None:
    (one,) = read(repository, annotator="cd34").references
    assert len(one.claims) == 1
    both = read(repository, annotator="all")
    assert [r.id for r in both.references] == ["paper_2016_ferry#ab12", "paper_2016_ferry#cd34"]
    with pytest.raises(BenchmarkError, match="there are ab12, cd34, or all"):
        read(repository, annotator="ef56")
    with pytest.raises(BenchmarkError, match=r"has no test with text/.*there are dev"):
        read(repository, split="test")


def test_two_annotators_of_one_article_are_one_article(repository: Path) -> None:
    settings = Settings(annotator="all")
    run = run_benchmark([f"polnear:{repository}"], ["oracle"], settings=settings)
    figure = run.reports[0].figure("found")
    assert figure.value == 1.0
    assert figure.interval is None  # one article alone cannot vary
    names = {f.name for f in run.reports[0].figures}
    assert {"content-cofenet", "cue-exact"} <= names
    assert not names & {"stance", "speaker", "rouge1"}  # nobody labelled those


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T20\tCue 1 two\tsaid", r"\.ann:7: want “T1<tab>Type start end<tab>words”"),
        ("T20\tCue 0 4\tsaid", r"\.ann:7: T20: the text has “Ferr” at 0 4, not “said”"),
        ("E9\tAttribution:T4 Content:T99", r"\.ann:7: Content: no text bound T99"),
    ],
)
def test_what_is_malformed_is_named(repository: Path, line: str, message: str) -> None:
    label(repository, "ab12", [*MOE, line])
    corpus = read(repository)
    assert len(corpus.references[0].claims) == 1
    with pytest.raises(LabelError, match=message):
        read(repository, strict=True)
    assert len(corpus.problems) == 1


def test_labels_without_their_text_are_named(repository: Path) -> None:
    stray = repository / "data" / "dev" / "attributions" / "other_ab12.ann"
    stray.write_text("", encoding="utf-8")
    (problem,) = read(repository).problems
    assert "other has labels; fetch the texts" in problem
