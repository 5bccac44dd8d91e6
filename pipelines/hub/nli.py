"""Stance without training: any NLI classifier, asked about hypotheses made of the stance set.

After Yin, Hay and Roth (2019), "Benchmarking Zero-shot Text Classification".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray

from pipelines.article import ModelIdentity
from pipelines.errors import ModelError
from pipelines.hub.calibrate import Calibration, fit, labelled
from pipelines.hub.files import Checkpoint
from pipelines.hub.loading import load_model, load_tokenizer
from pipelines.hub.seq2seq import window_size
from pipelines.hub.stages import StageSettings, Told
from pipelines.hub.windows import batches
from pipelines.stances import Stance, StanceSet

__all__ = ["ZeroShotStance", "entailment_index", "hypotheses"]

_SOMEBODY = re.compile(r"\bsomebody\b")


def entailment_index(labels: Mapping[Any, Any], name: str) -> int:
    """Which output means entailment, by the checkpoint's own labels ``{index: label}``.

    Raises :class:`~pipelines.errors.ModelError` when no label, or more than one, says so.
    """
    found = []
    for index, label in labels.items():
        word = re.sub(r"[^a-z]+", " ", str(label).casefold()).strip()
        if word in ("entailment", "entails", "entailed", "entail"):
            found.append(int(index))
    if len(found) != 1:
        said = ", ".join(str(label) for label in labels.values())
        raise ModelError(
            f"{name}: its labels are {said}, and none of them alone is entailment; "
            "take a classifier that was trained for natural language inference"
        )
    return found[0]


def hypotheses(stance: Stance, claim: Told) -> list[str]:
    """What has to follow from the claim if it has this stance, in several wordings."""
    speaker = claim.speaker or "The speaker"
    target = " and ".join(claim.targets)
    definition = _SOMEBODY.sub(lambda _: target or "somebody", stance.definition, count=1)
    toward = f" toward {target}" if target else ""
    if stance.definition.startswith("none of these"):
        rest = stance.definition.partition(":")[2].strip() or "something else"
        return [
            f"{speaker} only states {rest}.",
            f"{speaker} expresses no stance{toward}.",
        ]
    return [
        f"{speaker} {definition}.",
        f"The stance of {speaker}{toward} is {stance.name}.",
    ]


class ZeroShotStance:
    """A stance labeller; the probability of a stance is the softmax of its mean evidence.

    The evidence of a hypothesis is the log-odds of entailment against all other labels.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        identity: ModelIdentity,
        *,
        config: dict[str, Any],
        stances: StanceSet,
        batch_tokens: int = 16_384,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.identity = identity
        self.stances = stances
        self.batch_tokens = batch_tokens
        self.entailment = entailment_index(config.get("id2label") or {}, identity.name)
        self.window = window_size(config, tokenizer)
        self.calibration = Calibration.none(len(stances.names))

    @classmethod
    def from_checkpoint(cls, checkpoint: Checkpoint, settings: StageSettings) -> Self:
        """Raises :class:`~pipelines.errors.ModelError` when checkpoint or files are unfit."""
        from transformers import AutoModelForSequenceClassification

        entailment_index(checkpoint.config.get("id2label") or {}, checkpoint.name)
        stances = settings.stance_set()
        stage = cls(
            load_model(checkpoint, AutoModelForSequenceClassification, settings),
            load_tokenizer(checkpoint),
            ModelIdentity(name=checkpoint.shown, revision=checkpoint.revision),
            config=checkpoint.config,
            stances=stances,
            batch_tokens=settings.batch_tokens,
        )
        if settings.calibration is not None:
            told, gold = labelled(settings.calibration, stances.names)
            stage.calibration = fit(stage.evidence(told), gold)
        return stage

    def label(self, claims: Sequence[Told]) -> list[Mapping[str, float]]:
        """Probabilities of the stances; see :class:`~pipelines.hub.stages.StanceLabeller`."""
        if not claims:
            return []
        rows = self.calibration.probabilities(self.evidence(claims))
        return [dict(zip(self.stances.names, map(float, row), strict=True)) for row in rows]

    def evidence(self, claims: Sequence[Told]) -> NDArray[np.float64]:
        """Mean log-odds of entailment, shape ``[claims, stances]``."""
        pairs: list[tuple[str, str]] = []
        where: list[tuple[int, int]] = []
        for i, claim in enumerate(claims):
            for j, stance in enumerate(self.stances.stances):
                for hypothesis in hypotheses(stance, claim):
                    pairs.append((claim.context, hypothesis))
                    where.append((i, j))
        total = np.zeros((len(claims), len(self.stances.names)))
        count = np.zeros_like(total)
        rows = self._rows(pairs)
        for batch in batches([len(row["input_ids"]) for row in rows], self.batch_tokens):
            for k, value in zip(batch, self._forward([rows[k] for k in batch]), strict=True):
                total[where[k]] += value
                count[where[k]] += 1
        return total / count

    def _rows(self, pairs: Sequence[tuple[str, str]]) -> list[dict[str, list[int]]]:
        """Tokens of each pair; of a context too long, the end is left out, as it is context."""
        encoded = self.tokenizer(
            [premise for premise, _ in pairs],
            [hypothesis for _, hypothesis in pairs],
            truncation="only_first",
            max_length=self.window,
            verbose=False,
        )
        return [
            {name: encoded[name][i] for name in encoded if name != "attention_mask"}
            for i in range(len(pairs))
        ]

    @torch.inference_mode()
    def _forward(self, rows: Sequence[dict[str, list[int]]]) -> list[float]:
        inputs = self.tokenizer.pad(list(rows), return_tensors="pt")
        inputs = {name: tensor.to(self.model.device) for name, tensor in inputs.items()}
        logits = self.model(**inputs).logits.float().cpu()
        others = torch.cat([logits[:, : self.entailment], logits[:, self.entailment + 1 :]], dim=1)
        odds: list[float] = (logits[:, self.entailment] - others.logsumexp(1)).tolist()
        return odds
