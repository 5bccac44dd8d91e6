"""Zero-shot stance by classifiers of the real architectures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

import pipelines
from pipelines.errors import ModelError
from pipelines.hub.calibrate import Calibration, fit
from pipelines.hub.files import check_folder
from pipelines.hub.nli import ZeroShotStance, entailment_index, hypotheses
from pipelines.hub.stages import StageSettings, Told
from pipelines.stances import default_stances
from tests.fixtures.corpora import reference
from tests.fixtures.prose import CANAL, TALKS

Make = Callable[[str], Path]
TOLD = [
    Told("mines", "Halvorsen said that they would clear old mines.", "Halvorsen", ("Latvia",)),
    Told("a move", "Ozols warned of a move.", "", ()),
    Told("long", "Talks broke down on Friday. " * 200, "Farouk", ()),
]


def stage(folder: Path, **settings: Path) -> ZeroShotStance:
    found = check_folder(folder, str(folder))
    return ZeroShotStance.from_checkpoint(found, StageSettings(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(("family", "index"), [("bert", 2), ("deberta", 0)])
def test_each_family_labels_through_the_library(checkpoint: Make, family: str, index: int) -> None:
    assert stage(checkpoint(family)).entailment == index
    (own,) = pipelines.load().analyse([TALKS])
    (analysis,) = pipelines.load(stance=str(checkpoint(family))).analyse([TALKS])
    analysis.verify(TALKS)

    assert analysis.summary == own.summary
    assert [claim.content for claim in analysis.claims] == [claim.content for claim in own.claims]
    for claim in analysis.claims:
        assert sum(claim.scores.values()) == pytest.approx(1, abs=0.01)
        assert claim.stance == max(claim.scores, key=lambda name: claim.scores[name])
        assert claim.scores.keys() == set(default_stances().names)
    assert analysis.claims != own.claims


def test_scores_stand_as_the_labeller_gave_them(
    checkpoint: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = {"statement": 0.35, "threat": 0.4, "demand": 0.25}
    monkeypatch.setattr(ZeroShotStance, "label", lambda _, claims: [scores] * len(claims))
    (own,) = pipelines.load().analyse([TALKS])
    (analysis,) = pipelines.load(stance=str(checkpoint("bert"))).analyse([TALKS])
    assert len(analysis.claims) == len(own.claims) > 2
    for claim in analysis.claims:
        assert claim.scores == scores
        assert (claim.stance, claim.also) == ("threat", ("statement",))
        assert claim.threat_from in ("speaker", "other")


@pytest.mark.parametrize("family", ["bert", "deberta"])
def test_evidence_is_the_odds_of_entailment(checkpoint: Make, family: str) -> None:
    labeller = stage(checkpoint(family))
    claim, stance = TOLD[0], default_stances().stances[0]
    odds = []
    for hypothesis in hypotheses(stance, claim):
        inputs = labeller.tokenizer(claim.context, hypothesis, return_tensors="pt")
        with torch.inference_mode():
            probability = torch.softmax(labeller.model(**inputs).logits[0], 0)
        p = float(probability[labeller.entailment])
        odds.append(np.log(p / (1 - p)))
    assert labeller.evidence([claim])[0, 0] == pytest.approx(np.mean(odds), abs=1e-3)


def test_batches_change_nothing(checkpoint: Make) -> None:
    labeller = stage(checkpoint("bert"))
    together = labeller.evidence(TOLD)
    labeller.batch_tokens = 1
    np.testing.assert_allclose(labeller.evidence(TOLD), together, atol=1e-3)
    assert labeller.label([]) == []


def test_hypotheses_name_speaker_and_target() -> None:
    by_name = {stance.name: stance for stance in default_stances().stances}
    said = hypotheses(by_name["accusation"], Told("x", "x", "Laila Farouk", ("Egypt", "Chad")))
    assert said == [
        "Laila Farouk blames, criticises or condemns Egypt and Chad.",
        "The stance of Laila Farouk toward Egypt and Chad is accusation.",
    ]
    said = hypotheses(by_name["statement"], Told("x", "x", "", ()))
    assert said[0].startswith("The speaker only states facts")


@pytest.mark.parametrize(
    "labels",
    [{0: "LABEL_0", 1: "LABEL_1"}, {0: "positive"}, {0: "entailment", 1: "Entailment"}, {}],
)
def test_labels_without_one_entailment_are_refused(labels: dict[int, str]) -> None:
    with pytest.raises(ModelError, match="someone/x: its labels are"):
        entailment_index(labels, "someone/x")


def test_not_entailment_is_not_entailment() -> None:
    assert entailment_index({"0": "not_entailment", "1": "ENTAILMENT"}, "x") == 1


def test_calibration_makes_labels_likelier() -> None:
    random = np.random.default_rng(0)
    gold = random.integers(0, 3, 200)
    evidence = 0.3 * np.eye(3)[gold] + random.normal(0, 0.2, (200, 3)) + [3.0, 0.0, 0.0]
    before = Calibration.none(3).probabilities(evidence)
    after = fit(evidence, gold).probabilities(evidence)
    assert (before.argmax(1) == gold).mean() < 0.5
    assert (after.argmax(1) == gold).mean() > 0.7
    likelihood = [np.log(p[np.arange(200), gold]).mean() for p in (before, after)]
    assert likelihood[1] > likelihood[0] + 0.5


def test_a_labelled_file_calibrates(checkpoint: Make, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(reference() | {"text": TALKS}), encoding="utf-8")
    plain, fitted = stage(checkpoint("bert")), stage(checkpoint("bert"), calibration=path)
    assert fitted.calibration.slope != 1.0
    assert fitted.label(TOLD) != plain.label(TOLD)
    with pytest.raises(ModelError, match=r"calibration: .*absent"):
        stage(checkpoint("bert"), calibration=tmp_path / "absent.jsonl")
    path.write_text(json.dumps({"id": "1", "text": CANAL}), encoding="utf-8")
    with pytest.raises(ModelError, match="no claims with their text"):
        stage(checkpoint("bert"), calibration=path)


def test_a_stance_set_of_ones_own(checkpoint: Make, tmp_path: Path) -> None:
    path = tmp_path / "stances.toml"
    path.write_text(
        '[warm]\ndefinition = "is friendly to somebody"\n[cold]\ndefinition = "is not"\n',
        encoding="utf-8",
    )
    settings = pipelines.StageSettings(stances=path)
    model = pipelines.load(stance=str(checkpoint("bert")), settings=settings)
    (analysis,) = model.analyse([TALKS])
    assert {claim.stance for claim in analysis.claims} <= {"warm", "cold"}
    path.write_text("[warm]\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"stances: .* needs a definition"):
        pipelines.load(stance=str(checkpoint("bert")), settings=settings)
