"""What a model costs to run, measured alone in a process of its own.

A batch of 64 articles of about 500 tokens is read several times over; the rate is that of
the median pass. The bare encoder's rate is had by running its own forward passes of one
such read again, and nothing else, turn by turn with the whole reads.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from evaluation.baselines import BASELINES
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from evaluation.tokens import forget, token_spans
from pipelines.references import Reference

__all__ = ["ARTICLES", "TOKENS", "Speed", "make_batch", "measure", "measure_loaded"]

ARTICLES = 64
TOKENS = 500
_PASSES = 3


@dataclass(frozen=True, slots=True)
class Speed:
    """Times in seconds, memory in bytes.

    ``tokens_per_second`` counts the model's own word pieces where it has a tokenizer, as
    ``counted`` says. ``encoder_share`` is the whole analysis's rate over the bare
    encoder's, None where the model shows no encoder. ``cold_start`` is from the start of
    a fresh Python to the first analysis. ``peak_memory`` is the most of that process at
    any time, ``gpu_memory`` of the GPU, None without one.
    """

    articles: int
    tokens: int
    counted: str
    articles_per_second: float
    tokens_per_second: float
    encoder_tokens_per_second: float | None
    encoder_share: float | None
    cold_start: float
    peak_memory: int
    gpu_memory: int | None
    parameters: int | None


def make_batch(references: Sequence[Reference]) -> list[str]:
    """64 texts of about 500 tokens, laid together from whole texts and cut between tokens."""
    texts = [reference.text for reference in references if reference.text]
    if not texts:
        raise BenchmarkError("speed: the references have no text to read")
    batch: list[str] = []
    at = 0
    while len(batch) < ARTICLES:
        text = ""
        while len(token_spans(text)) < TOKENS:
            text = f"{text}\n\n{texts[at % len(texts)]}" if text else texts[at % len(texts)]
            at += 1
        batch.append(text[: token_spans(text)[TOKENS - 1][1]])
    return batch


def _count_tokens(model: Any, batch: Sequence[str]) -> tuple[int, str]:
    tokenizer = getattr(model, "tokenizer", None)
    if tokenizer is not None and hasattr(tokenizer, "encode_batch"):
        encoded = tokenizer.encode_batch(list(batch), add_special_tokens=False)
        return sum(len(one.ids) for one in encoded), "the model's word pieces"
    return sum(len(token_spans(text)) for text in batch), "words and signs"


def _seconds(run: Any) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _peak_memory() -> int:
    """The most memory of this process in bytes.

    Linux counts into ``ru_maxrss`` what the parent held when it started this process, so
    its own high-water mark is read there.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    found = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return found if sys.platform == "darwin" else found * 1024


def _gpu_memory() -> int | None:
    """The most that tensors took on the GPU; a model that never loaded torch has none."""
    torch: Any = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return None
    return int(torch.cuda.max_memory_allocated())


def measure_loaded(model: Any, batch: Sequence[str]) -> dict[str, Any]:
    """Rates, parameters and memory of a model that is loaded, as fields of :class:`Speed`."""

    def read() -> None:
        forget()
        for _ in model.analyse(batch, errors="yield"):
            pass

    encoder: Any = getattr(getattr(model, "network", None), "encoder", None)
    calls: list[tuple[Any, ...]] = []
    if encoder is not None:
        hook = encoder.register_forward_pre_hook(lambda _, inputs: calls.append(inputs))
        read()
        hook.remove()

    def encode() -> None:
        import torch

        with torch.inference_mode():
            for inputs in calls:
                encoder(*inputs)
        if calls[0][0].is_cuda:  # the GPU works on while Python goes ahead
            torch.cuda.synchronize()

    whole, bare = [], []
    for _ in range(_PASSES):
        whole.append(_seconds(read))
        if calls:
            bare.append(_seconds(encode))
    tokens, counted = _count_tokens(model, batch)
    network = getattr(model, "network", None)
    return {
        "articles": len(batch),
        "tokens": tokens,
        "counted": counted,
        "articles_per_second": len(batch) / median(whole),
        "tokens_per_second": tokens / median(whole),
        "encoder_tokens_per_second": tokens / median(bare) if bare else None,
        "encoder_share": median(bare) / median(whole) if bare else None,
        "peak_memory": _peak_memory(),
        "gpu_memory": _gpu_memory(),
        "parameters": (
            sum(weights.numel() for weights in network.parameters())
            if network is not None
            else None
        ),
    }


def child() -> None:
    """The measured process: a file of JSON in, ``ready`` after one article, then the figures."""
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    from evaluation.models import load_model

    settings = Settings(**asked["settings"] | {"texts": None})
    model = load_model(asked["name"], (), settings)
    for _ in model.analyse(asked["batch"][:1], errors="yield"):
        pass
    print("ready", flush=True)
    print(json.dumps(measure_loaded(model, asked["batch"])), flush=True)


#: Baselines that look the answers up: their speed would say nothing.
_GIVEN = frozenset({"oracle", "oracle-3", "majority", "tfidf"})


def measure(name: str, references: Sequence[Reference], settings: Settings) -> Speed | None:
    """The speed of the model of that name; None for one that is given the answers.

    Raises :class:`~evaluation.errors.BenchmarkError` when the measuring process fails.
    """
    if name in BASELINES and name in _GIVEN:
        return None
    asked = json.dumps(
        {"name": name, "batch": make_batch(references), "settings": settings.to_dict()}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "asked.json"
        path.write_text(asked, encoding="utf-8")
        words = [sys.executable, "-c", "from evaluation.speed import child; child()", str(path)]
        start = time.perf_counter()
        with subprocess.Popen(  # noqa: S603 - our own module in our own Python
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        ) as process:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            first = process.stdout.readline()
            cold = time.perf_counter() - start
            rest, errors = process.communicate()
    if first.strip() != "ready" or process.returncode:
        said = (errors.strip().splitlines() or ["no answer"])[-1]
        raise BenchmarkError(f"speed: {name} could not be measured: {said}")
    return Speed(cold_start=cold, **json.loads(rest))
