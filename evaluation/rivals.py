"""How fast the default reads beside summarisers of the usual sizes, in one run.

Their weights are random, which changes nothing in the time that 60 new tokens by four beams
take; what they would write is no summary, and only the rate is told. The default gives
summary and claims in the time that is measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from evaluation.data import seed_file
from pipelines.model import DEFAULT, DEFAULT_WEIGHTS
from pipelines.reader import Reader
from pipelines.references import read_references

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BartForConditionalGeneration

__all__ = ["ARCHITECTURES", "Rate", "compare_rates", "main"]

TOKENS, NEW_TOKENS, BEAMS = 600, 60, 4
#: Articles that a rival reads at once, and the default.
_FEW, _MANY = 2, 32
_LARGE = {
    "d_model": 1024,
    "encoder_layers": 12,
    "encoder_ffn_dim": 4096,
    "encoder_attention_heads": 16,
    "decoder_ffn_dim": 4096,
    "decoder_attention_heads": 16,
    "vocab_size": 50264,
}
#: Sizes of their checkpoints on the hub, as ``BartConfig`` takes them.
ARCHITECTURES: dict[str, dict[str, int]] = {
    "distilbart-cnn-12-6": {**_LARGE, "decoder_layers": 6},
    "bart-large-cnn": {**_LARGE, "decoder_layers": 12},
}


@dataclass(frozen=True, slots=True)
class Rate:
    """Articles a second, and how many times that the default reads."""

    name: str
    articles_per_second: float
    behind: float


def _rival(sizes: Mapping[str, int]) -> BartForConditionalGeneration:
    from transformers import BartConfig, BartForConditionalGeneration

    model = BartForConditionalGeneration(BartConfig.from_dict(dict(sizes)))
    model.train(False)
    return model


def _generate(model: BartForConditionalGeneration) -> Callable[[], None]:
    import torch

    high = model.config.vocab_size
    pieces = torch.randint(4, high, (_FEW, TOKENS), generator=torch.Generator().manual_seed(17))

    def run() -> None:
        with torch.inference_mode():
            model.generate(
                input_ids=pieces,
                attention_mask=torch.ones_like(pieces),
                num_beams=BEAMS,
                min_new_tokens=NEW_TOKENS,
                max_new_tokens=NEW_TOKENS,
            )

    return run


def _texts(texts: Sequence[str], tokenizer: Tokenizer) -> list[str]:
    """Texts of 600 of the reader's word pieces, laid together from whole ones and cut."""
    out: list[str] = []
    at = 0
    while len(out) < _MANY:
        text = ""
        while len(ends := tokenizer.encode(text, add_special_tokens=False).offsets) < TOKENS:
            text = f"{text}\n\n{texts[at % len(texts)]}"
            at += 1
        out.append(text[: ends[TOKENS - 1][1]])
    return out


def compare_rates(
    reader: Reader,
    texts: Sequence[str],
    architectures: Mapping[str, Mapping[str, int]] = ARCHITECTURES,
) -> list[Rate]:
    """The rates of ``reader``, first, and of each architecture with random weights.

    The reader takes its turn before each of them and after the last; its rate is the median.
    """
    batch = _texts(texts, reader.tokenizer)

    def seconds(run: Callable[[], Any]) -> float:
        start = time.perf_counter()
        run()
        return time.perf_counter() - start

    def read() -> None:
        for _ in reader.analyse(batch):
            pass

    read()
    own = [seconds(read)]
    taken = {}
    for name, sizes in architectures.items():
        taken[name] = seconds(_generate(_rival(sizes)))
        own.append(seconds(read))
    rate = len(batch) / median(own)
    rivals = {name: _FEW / time_taken for name, time_taken in taken.items()}
    return [
        Rate(reader.identity.name, rate, 1.0),
        *(Rate(name, theirs, rate / theirs) for name, theirs in rivals.items()),
    ]


def main() -> None:
    """Print the comparison on the seed articles."""
    from rich.console import Console
    from rich.table import Table

    reader = Reader.from_folder(DEFAULT_WEIGHTS, name=DEFAULT)
    references = read_references(seed_file("articles/test.jsonl"))
    table = Table(
        title=f"articles of {TOKENS} tokens; rivals: random weights, {NEW_TOKENS} new tokens, "
        f"{BEAMS} beams"
    )
    for column in ("model", "articles a second", "default is faster by"):
        table.add_column(column)
    for one in compare_rates(reader, [r.article.text for r in references]):
        table.add_row(one.name, f"{one.articles_per_second:.3f}", f"{one.behind:.1f} times")
    Console().print(table)


if __name__ == "__main__":
    main()
