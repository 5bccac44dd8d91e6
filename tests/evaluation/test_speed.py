"""What is measured, not how fast it is."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from evaluation import BenchmarkError, Settings, run_benchmark, terminal_table
from evaluation.speed import ARTICLES, TOKENS, make_batch, measure, measure_loaded
from evaluation.tables import markdown_table
from evaluation.tokens import token_spans
from pipelines.reader import Reader
from pipelines.references import Reference
from tests.evaluation.builders import FixedModel, analysis, reference, row


def test_the_batch_is_64_texts_of_500_tokens() -> None:
    batch = make_batch([reference(), reference("b", text="A short one.", claims=())])
    assert len(batch) == ARTICLES == 64
    assert {len(token_spans(text)) for text in batch} == {TOKENS} == {500}
    assert len(set(batch)) > 1
    with pytest.raises(BenchmarkError, match="no text to read"):
        make_batch([Reference(id="x", text="")])


def test_a_reader_is_held_against_its_own_encoder(tiny_reader: Reader) -> None:
    batch = [reference().article.text[:120]] * 3
    found = measure_loaded(tiny_reader, batch)
    assert found["articles"] == 3
    assert found["counted"] == "the model's word pieces"
    encoded = tiny_reader.tokenizer.encode(batch[0], add_special_tokens=False)
    assert found["tokens"] == 3 * len(encoded.ids)
    assert found["encoder_share"] == pytest.approx(
        found["tokens_per_second"] / found["encoder_tokens_per_second"]
    )
    assert 0 < found["encoder_share"] <= 1.5
    assert found["parameters"] == sum(p.numel() for p in tiny_reader.network.parameters())
    assert found["peak_memory"] > 10_000_000
    assert not tiny_reader.network.encoder._forward_pre_hooks


def test_a_model_without_an_encoder_has_its_words_counted() -> None:
    of = reference("")
    found = measure_loaded(FixedModel({"": analysis(of)}), [of.article.text])
    assert found["encoder_share"] is found["parameters"] is None
    assert found["counted"] == "words and signs"
    assert found["tokens"] == len(token_spans(of.article.text))


def test_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(row()) + "\n", encoding="utf-8")
    run = run_benchmark([path], ["lead-3", "oracle"], speed=True)
    speed, given = (report.speed for report in run.reports)
    assert given is None  # it looks the answers up
    assert speed is not None
    assert speed.articles == 64
    assert speed.cold_start > 0
    assert speed.encoder_share is None
    assert "cold start, s" in markdown_table(run)
    assert terminal_table(run) is not None


def test_what_goes_wrong_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BenchmarkError, match=r"absent could not be measured: .*no model 'absent'"):
        measure("absent", [reference()], Settings())
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with pytest.raises(BenchmarkError, match="could not be measured"):
        measure("lead-3", [reference()], Settings())
