"""The default's rate beside summarisers of other architectures."""

from __future__ import annotations

import pytest

from evaluation.rivals import ARCHITECTURES, compare_rates
from pipelines.reader import Reader
from tests.fixtures.prose import PROSE

TINY = {
    "d_model": 16,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 16,
    "decoder_ffn_dim": 16,
    "vocab_size": 80,
}


def test_each_is_as_many_times_slower_as_their_rates_say(tiny_reader: Reader) -> None:
    own, rival = compare_rates(tiny_reader, PROSE, {"tiny": TINY})

    assert (own.name, own.behind) == (tiny_reader.identity.name, 1.0)
    assert rival.name == "tiny"
    assert rival.behind == pytest.approx(own.articles_per_second / rival.articles_per_second)


def test_the_rivals_have_the_sizes_that_their_names_are_known_for() -> None:
    import torch
    from transformers import BartConfig, BartForConditionalGeneration

    sizes = {}
    for name, architecture in ARCHITECTURES.items():
        with torch.device("meta"):
            model = BartForConditionalGeneration(BartConfig.from_dict(dict(architecture)))
        sizes[name] = round(sum(p.numel() for p in model.parameters()) / 1e6)

    assert sizes == {"distilbart-cnn-12-6": 306, "bart-large-cnn": 406}
