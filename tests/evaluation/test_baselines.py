"""What each baseline answers, and for what it does not."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest

from evaluation import BASELINES, BenchmarkError, benchmark, run_benchmark
from evaluation.baselines import EVERYTHING
from evaluation.baselines.given import OracleSentences
from evaluation.metrics.rouge import rouge
from evaluation.models import answers_of, note_of
from pipelines.article import Article
from pipelines.errors import ArticleError
from pipelines.model import Model
from tests.evaluation.builders import HARBOUR, reference, row

#: The fifth sentence shares a word with each of the others, which share none among them.
CENTRAL = (
    "Mail rots. Milk spoils. Doctors wait. Coal burns. "
    "Ferries bring mail, milk, doctors, coal, bread, fish, salt and timber. "
    "Bread dries. Fish stinks. Salt melts. Timber floats."
)


def without(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == library:
            raise ImportError(f"No module named {library!r}")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.setattr(
        "importlib.import_module", lambda name: refuse(name) if library in name else real(name)
    )


@pytest.mark.parametrize("name", ["lead-3", "lexrank-3", "textrank-3", "oracle-3"])
def test_summarisers_give_sentences_of_the_text_in_order(name: str) -> None:
    of = reference(text=CENTRAL, claims=(), summary=["The ferry will run all winter."])
    model: Model = BASELINES[name]([of])
    (found,) = model.analyse([of.article])
    found.verify(CENTRAL)
    starts = [sentence.span[0] for sentence in found.summary.sentences if sentence.span]
    assert starts == sorted(starts)
    assert 1 <= len(starts) <= 3
    assert answers_of(model) == {"summary"}
    short = Article(text=CENTRAL, id=of.id, max_sentences=1)
    assert len(next(model.analyse([short])).summary.sentences) == 1
    blank = reference(text=" ", claims=())
    (refused,) = BASELINES[name]([blank]).analyse([blank.article], errors="yield")
    assert isinstance(refused, ArticleError)


@pytest.mark.parametrize("name", ["lexrank-3", "textrank-3"])
def test_the_central_sentences_are_taken(name: str) -> None:
    (found,) = BASELINES[name]([]).analyse([{"text": CENTRAL, "max_sentences": 1}])
    assert found.summary.text.startswith("Ferries bring mail")


def test_oracle_sentences_come_nearest_to_the_reference() -> None:
    of = reference()
    (found,) = OracleSentences([of], 2).analyse([of.article])
    (lead,) = BASELINES["lead-3"]([of]).analyse([of.article])
    target = "\n".join(of.summary)
    ours, theirs = (
        rouge((target,), "\n".join(s.text for s in a.summary.sentences)) for a in (found, lead)
    )
    assert ours["rouge1"] + ours["rouge2"] >= theirs["rouge1"] + theirs["rouge2"]
    # A further sentence that only dilutes is left out.
    exact = reference(summary=["Finland thanked Norway for the step."])
    (one,) = OracleSentences([exact], 3).analyse([exact.article])
    assert [s.text for s in one.summary.sentences] == ["Finland thanked Norway for the step."]


def test_quotation_marks_are_claims() -> None:
    text = (
        '“We owe it to them.” She said "it is time to go," and «nous partons tous». '
        "A “red line” is no claim, nor “this one without an end."
    )
    model = BASELINES["quotation-marks"]([])
    (found,) = model.analyse([text])
    found.verify(text)
    assert [claim.text for claim in found.claims] == [
        "We owe it to them",
        "it is time to go",
        "nous partons tous",
    ]
    report = benchmark(model, [reference(), reference("b", text=f"{HARBOUR} Again.")])
    assert report.figure("found").recall == 0.25
    assert report.figure("found").precision == 1.0
    assert report.figure("speaker").value is None
    assert report.figure("rouge1").value is None


def test_majority_answers_one_stance_and_nothing_else() -> None:
    of = [reference()]
    model = BASELINES["majority"](of)
    report = benchmark(model, of)
    # "statement" is right for the one claim of four that has it in also.
    assert report.figure("stance").value == 0.25
    assert report.figure("found").value is None
    assert report.figure("chain").value is None
    assert "statement" in note_of(model)


def test_tfidf_learns_from_the_seeds() -> None:
    texts = [
        "The council recognised the borders of Kosovo.",
        "The minister threatened to bomb the port.",
    ]
    claims: list[dict[str, Any]] = [
        {"content": "the borders of Kosovo", "cue": "recognised", "stance": "recognition"},
        {"content": "to bomb the port", "cue": "threatened", "stance": "threat"},
    ]
    of = [reference(f"t{i}", text=texts[i], claims=[claims[i]]) for i in range(2)]
    model = BASELINES["tfidf"](of)
    assert benchmark(model, of).figure("stance").value == 1.0
    assert "scikit-learn" in note_of(model)
    (nothing,) = BASELINES["tfidf"]([reference(claims=())]).analyse([reference().article])
    assert nothing.claims == ()


def test_only_the_oracle_answers_for_everything() -> None:
    assert {name for name, make in BASELINES.items() if make([]).answers == EVERYTHING} == {
        "oracle"
    }


@pytest.mark.parametrize(
    ("name", "library"), [("lexrank-3", "sumy"), ("textrank-3", "sumy"), ("tfidf", "sklearn")]
)
def test_a_missing_library_stops_the_run_before_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, library: str
) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(row()), encoding="utf-8")
    read: list[str] = []
    monkeypatch.setattr(
        "evaluation.benchmarking.read_all", lambda model, *_, **__: read.append(model)
    )
    without(monkeypatch, library)
    with pytest.raises(BenchmarkError, match=r"pip install 'attache\[benchmark\]'"):
        run_benchmark([path], ["lead-3", name])
    assert read == []
