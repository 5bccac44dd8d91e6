"""Summaries by checkpoints of the real architectures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

import pipelines
from pipelines.article import GeneratedSentence, SummarySentence
from pipelines.hub.files import check_folder
from pipelines.hub.seq2seq import Seq2SeqSummariser, window_size
from pipelines.hub.stages import Source, StageSettings, Written
from pipelines.reader.document import split_sentences
from tests.fixtures.hub import TRUE, write_seq2seq
from tests.fixtures.prose import CANAL, TALKS

Make = Callable[[str], Path]


def source(text: str, *, words: int = 80, sentences: int = 3) -> Source:
    return Source(text, split_sentences(text), words, sentences)


def stage(folder: Path, **settings: Any) -> Seq2SeqSummariser:
    found = check_folder(folder, str(folder))
    return Seq2SeqSummariser.from_checkpoint(found, StageSettings(**settings))


@pytest.mark.parametrize("family", ["bart", "mbart", "pegasus", "t5", "led"])
def test_each_family_summarises_through_the_library(checkpoint: Make, family: str) -> None:
    model = pipelines.load("default", summary=str(checkpoint(family)))
    analyses = list(model.analyse([TALKS, CANAL]))

    assert model.identity.name == f"default+summary={family}"
    for analysis, text in zip(analyses, (TALKS, CANAL), strict=True):
        analysis.verify(text)
        assert analysis.summary.coverage == 1.0
        assert analysis.claims
        assert analysis.summary.text == " ".join(s.text for s in analysis.summary.sentences)
        assert analysis == pipelines.Analysis.from_dict(analysis.to_dict(), text=text)
    assert any(isinstance(s, GeneratedSentence) for s in analyses[0].summary.sentences)


def test_the_rest_of_the_reading_stays_as_it_is(checkpoint: Make) -> None:
    (own,) = pipelines.load().analyse([TALKS])
    (swapped,) = pipelines.load(summary=str(checkpoint("bart"))).analyse([TALKS])
    assert (swapped.claims, swapped.speakers) == (own.claims, own.speakers)
    assert swapped.model != own.model


def test_a_budget_is_kept_without_cutting_a_sentence(checkpoint: Make) -> None:
    summariser = stage(checkpoint("bart"))
    assert summariser.summarise([source(TALKS, words=12)]) == [Written((TRUE,))]
    assert summariser.summarise([source(TALKS, words=10)]) == [Written(())]
    assert summariser.summarise([source(TALKS, sentences=1)]) == [Written((TRUE,))]
    assert summariser.summarise([source(TALKS, words=3)]) == [Written(())]


def test_a_summary_is_never_blank(checkpoint: Make) -> None:
    model = pipelines.load(summary=str(checkpoint("bart")), max_words=3)
    (analysis,) = model.analyse([TALKS])
    assert analysis.summary.text
    assert isinstance(analysis.summary.sentences[0], SummarySentence)
    assert any("stand in its place" in warning for warning in analysis.warnings)


def test_batches_are_bounded_and_change_nothing(checkpoint: Make) -> None:
    texts = [TALKS, CANAL, "Rain fell on the town.", TALKS * 3]
    wide = stage(checkpoint("bart"))
    narrow = stage(checkpoint("bart"), batch_tokens=200)
    sizes: list[int] = []
    forward = narrow.model.generate

    def watched(**inputs: Any) -> Any:
        sizes.append(inputs["input_ids"].numel())
        return forward(**inputs)

    narrow.model.generate = watched
    sources = [source(text) for text in texts]
    assert narrow.summarise(sources) == wide.summarise(sources)
    assert len(sizes) > 3
    assert max(sizes) <= 200


def test_fifty_thousand_words_through_a_window_of_1024_tokens(tmp_path: Path) -> None:
    folder = write_seq2seq(tmp_path / "bart", window=1024, answer=TRUE)
    text = " ".join([TALKS.replace("\n\n", " ")] * 510)
    assert len(text.split()) > 50_000
    summariser = stage(folder, batch_tokens=8192)
    sizes: list[int] = []
    read: list[int] = []
    forward = summariser.model.generate

    def watched(**inputs: Any) -> Any:
        sizes.append(inputs["input_ids"].numel())
        read.append(int(inputs["attention_mask"].sum()))
        return forward(**inputs)

    summariser.model.generate = watched
    (written,) = summariser.summarise([source(text)])

    assert written == Written((TRUE,), coverage=1.0)
    assert max(sizes) <= 8192
    assert sum(read) > len(summariser._ids(text))  # every token, and the reduce step's


def test_prefix_and_settings_come_from_the_checkpoint(tmp_path: Path) -> None:
    task = {"summarization": {"prefix": "summarize: ", "num_beams": 3, "length_penalty": 2.0}}
    folder = write_seq2seq(tmp_path / "t5", "t5", task_specific_params=task)
    summariser = stage(folder)
    seen: list[Any] = []
    forward = summariser.model.generate

    def watched(**inputs: Any) -> Any:
        seen.append(inputs)
        return forward(**inputs)

    summariser.model.generate = watched
    summariser.summarise([source(TALKS)])
    ids = seen[0]["input_ids"][0].tolist()
    assert "summarize: " in summariser.tokenizer.decode(ids)
    assert seen[0]["generation_config"].num_beams == 3
    assert seen[0]["generation_config"].length_penalty == 2.0


def test_led_lets_its_first_token_see_all(checkpoint: Make) -> None:
    summariser = stage(checkpoint("led"))
    seen: list[Any] = []
    forward = summariser.model.generate

    def watched(**inputs: Any) -> Any:
        seen.append(inputs)
        return forward(**inputs)

    summariser.model.generate = watched
    summariser.summarise([source(TALKS)])
    mask = seen[0]["global_attention_mask"]
    assert mask[:, 0].all()
    assert not mask[:, 1:].any()


def test_mbart_reads_and_writes_english(checkpoint: Make) -> None:
    summariser = stage(checkpoint("mbart"))
    english = summariser.tokenizer.convert_tokens_to_ids("en_XX")
    assert summariser.tokenizer.src_lang == "en_XX"
    assert summariser.generation.forced_bos_token_id == english
    assert english in summariser.tokenizer("Rain.").input_ids
    (written,) = summariser.summarise([source(TALKS)])
    assert isinstance(written, Written)
    assert TRUE in written.sentences


def test_precision_can_be_chosen(checkpoint: Make) -> None:
    assert stage(checkpoint("bart")).model.dtype is torch.float32
    half = stage(checkpoint("bart"), dtype="bfloat16")
    assert half.model.dtype is torch.bfloat16
    assert len(half.summarise([source(TALKS)])) == 1


def test_the_window_is_what_the_checkpoint_says(checkpoint: Make) -> None:
    tokenizer = stage(checkpoint("bart")).tokenizer
    assert window_size({"max_position_embeddings": 64}, tokenizer) == 64
    assert window_size({"max_encoder_position_embeddings": 99}, tokenizer) == 99
    assert window_size({}, tokenizer) == 128  # the tokenizer's
    config = json.loads((checkpoint("t5") / "config.json").read_text(encoding="utf-8"))
    assert window_size(config, tokenizer) == 128
