"""Models of others that a metric judges with: safetensors only, no code of theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from evaluation.errors import BenchmarkError

__all__ = ["load_encoder", "load_nli"]

_BATCH = 16


def _load(kind: str, name: str) -> tuple[Any, Any]:
    """The model, ready to infer, and its tokenizer; ``name`` may end in ``@revision``."""
    import transformers

    path, _, revision = name.partition("@")
    fixed = {"revision": revision or None, "trust_remote_code": False}
    fixed = {key: value for key, value in fixed.items() if value is not None}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(path, **fixed)
        model = getattr(transformers, kind).from_pretrained(path, use_safetensors=True, **fixed)
    except (OSError, ValueError) as error:
        said = str(error).strip().splitlines()
        raise BenchmarkError(
            f"{name}: cannot be loaded as {kind} ({said[0] if said else type(error).__name__}); "
            "give a folder or a hub name with safetensors"
        ) from None
    return model.eval(), tokenizer


def load_encoder(name: str) -> tuple[Any, Any]:
    """An encoder and its tokenizer. Raises :class:`BenchmarkError` when there is none."""
    return _load("AutoModel", name)


def load_nli(name: str) -> Callable[[Sequence[str], str], list[float]]:
    """A function of premises and one hypothesis to the probability that each entails it.

    Raises :class:`BenchmarkError` when there is no such model or it has no label that
    starts with "entail".
    """
    model, tokenizer = _load("AutoModelForSequenceClassification", name)
    labels = {str(label).lower(): int(i) for i, label in model.config.id2label.items()}
    index = next((i for label, i in labels.items() if label.startswith("entail")), None)
    if index is None:
        raise BenchmarkError(
            f"{name}: has no label of entailment, only {', '.join(sorted(labels))}; "
            "give a model trained for natural language inference"
        )

    def judge(premises: Sequence[str], hypothesis: str) -> list[float]:
        import torch

        found: list[float] = []
        for start in range(0, len(premises), _BATCH):
            batch = list(premises[start : start + _BATCH])
            inputs = tokenizer(
                batch,
                [hypothesis] * len(batch),
                padding=True,
                truncation=True,
                max_length=min(512, tokenizer.model_max_length),
                return_tensors="pt",
            )
            with torch.inference_mode():
                logits = model(**inputs).logits
            found.extend(logits.softmax(dim=-1)[:, index].tolist())
        return found

    return judge
