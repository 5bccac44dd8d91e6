"""The encoder computes what a BERT of transformers computes."""

from __future__ import annotations

import warnings
from typing import cast

import pytest
import torch

from pipelines.reader.document import MARKS
from pipelines.reader.encoder import Encoder, EncoderConfig

CONFIG = EncoderConfig(
    vocab_size=60,
    hidden_size=32,
    num_hidden_layers=3,
    num_attention_heads=4,
    intermediate_size=48,
    max_position_embeddings=40,
)


@pytest.fixture(scope="module")
def bert() -> torch.nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own imports
        from transformers import BertConfig, BertModel

        torch.manual_seed(3)
        model = BertModel(BertConfig(**CONFIG.model_dump()), add_pooling_layer=False)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)  # no bias stays nought
    model.train(False)
    return cast("torch.nn.Module", model)


@pytest.fixture
def batch() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(5)
    pieces = torch.randint(0, 60, (3, 17))
    mask = torch.ones(3, 17, dtype=torch.bool)
    mask[1, 9:] = False
    mask[2, 1:] = False
    return pieces, torch.zeros(3, 17, len(MARKS), dtype=torch.int64), mask


def load(bert: torch.nn.Module) -> Encoder:
    encoder = Encoder(CONFIG, MARKS)
    encoder.load_bert(bert.state_dict())
    return encoder.eval()


def test_equals_bert(
    bert: torch.nn.Module, batch: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
) -> None:
    pieces, marks, mask = batch

    with torch.inference_mode():
        own = load(bert)(pieces, marks, mask)
        theirs = bert(input_ids=pieces, attention_mask=mask.long()).last_hidden_state

    assert own.std() > 0.1
    torch.testing.assert_close(own[mask], theirs[mask], atol=1e-5, rtol=0)


def test_untrained_marks_change_nothing_and_trained_ones_do(
    bert: torch.nn.Module, batch: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
) -> None:
    pieces, marks, mask = batch
    encoder = load(bert)

    with torch.inference_mode():
        plain = encoder(pieces, marks, mask)
        marked = encoder(pieces, marks + 1, mask)
        torch.testing.assert_close(plain, marked, atol=0, rtol=0)
        for mark in encoder.embeddings.marks:
            torch.nn.init.normal_(torch.nn.Module.get_parameter(mark, "weight"))
        trained = encoder(pieces, marks + 1, mask)

    assert (trained - plain).abs().max() > 0.1


def test_what_the_mask_hides_changes_nothing(
    bert: torch.nn.Module, batch: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
) -> None:
    pieces, marks, mask = batch
    encoder = load(bert)
    other = torch.where(mask, pieces, (pieces + 1) % 60)

    with torch.inference_mode():
        left, right = encoder(pieces, marks, mask), encoder(other, marks, mask)

    torch.testing.assert_close(left[mask], right[mask], atol=1e-6, rtol=0)


def test_a_bert_that_lacks_a_weight_is_refused(bert: torch.nn.Module) -> None:
    state = dict(bert.state_dict())
    del state["encoder.layer.1.output.dense.bias"]

    with pytest.raises(KeyError, match=r"encoder\.layer\.1\.output\.dense\.bias"):
        Encoder(CONFIG, MARKS).load_bert(state)
