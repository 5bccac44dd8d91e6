"""Thresholds and confidence fitted on labels."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipelines.article import Article, Attribution, Claim
from pipelines.reader import Reader
from pipelines.reader.assemble import Thresholds
from pipelines.references import Reference
from pipelines.training.calibration import fit_confidence, fit_thresholds
from pipelines.training.run import calibrate
from tests.fixtures.prose import PROSE


@pytest.fixture
def reader(tiny_checkpoint: Path) -> Reader:
    return Reader.from_folder(tiny_checkpoint, name="tiny")


def labels(reader: Reader, *, wrong: int = 0) -> list[Reference]:
    """What the reader itself says, with the stance of every ``wrong``-th claim another."""
    references = []
    for i, text in enumerate(PROSE):
        (analysis,) = reader.analyse([Article(text=text)])
        rows = []
        for n, claim in enumerate(analysis.claims):
            row = claim.model_dump(mode="json", include=set(Attribution.model_fields))
            if wrong and n % wrong == 0:
                other = next(s for s in reader.network.config.stances if s != row["stance"])
                row |= {"stance": other, "threat_from": "other" if other == "threat" else None}
            elif row["stance"] == "threat":
                row["threat_from"] = row["threat_from"] or "other"
            else:
                row["threat_from"] = None
            rows.append(row)
        references.append(Reference.model_validate({"id": str(i), "text": text, "claims": rows}))
    return references


def claims(reader: Reader) -> list[Claim]:
    return [claim for one in reader.analyse(PROSE) for claim in one.claims]


def test_the_thresholds_that_labels_were_made_with_are_found_again(reader: Reader) -> None:
    reader.thresholds = Thresholds(speaker=0.4, target=0.6, target_fallback=0.1, statement=0.75)
    references = labels(reader)
    wanted = [(claim.speaker.names, claim.stance, claim.targets) for claim in claims(reader)]
    reader.thresholds = Thresholds()

    fit_thresholds(reader, references)

    found = [(claim.speaker.names, claim.stance, claim.targets) for claim in claims(reader)]
    assert found == wanted


def test_confidence_comes_to_mean_the_share_that_is_right(reader: Reader) -> None:
    references = labels(reader, wrong=3)
    every = claims(reader)

    fit_confidence(reader, references)

    mean = sum(claim.confidence for claim in claims(reader)) / len(every)
    count = [len(reference.claims) for reference in references]
    right = sum(n - len(range(0, n, 3)) for n in count) / sum(count)
    assert mean == pytest.approx(right, abs=0.02)


def test_labels_that_are_all_right_fit_nothing(reader: Reader) -> None:
    fit_confidence(reader, labels(reader))
    assert (reader.thresholds.slope, reader.thresholds.intercept) == (1.0, 0.0)


def test_what_was_fitted_goes_to_the_checkpoint(tiny_checkpoint: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_checkpoint, folder)
    before = Reader.from_folder(folder, name="before")

    calibrate(folder, labels(before, wrong=2))

    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    after = Reader.from_folder(folder, name="after")
    assert settings["thresholds"] == {
        name: getattr(after.thresholds, name) for name in settings["thresholds"]
    }
    assert after.thresholds.slope != 1.0
    assert after.identity.revision != before.identity.revision
