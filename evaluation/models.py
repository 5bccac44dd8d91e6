"""The models of a benchmark by name: baselines, and whatever the library can load."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from evaluation.baselines import BASELINES, EVERYTHING
from evaluation.settings import Settings
from pipelines.errors import ModelError
from pipelines.model import Model, load
from pipelines.references import Reference

__all__ = ["answers_of", "load_model", "note_of"]


def load_model(name: str, references: Sequence[Reference], settings: Settings) -> Model:
    """The one way from a name to a model: a baseline's, or one for :func:`pipelines.load`.

    ``references`` are those of the corpus, which some baselines are given. Raises
    :class:`~pipelines.errors.AttacheError` with near names when there is no such model.
    """
    if name in BASELINES:
        return BASELINES[name](references)
    try:
        return load(
            name,
            device=settings.device,
            max_words=settings.max_words,
            max_sentences=settings.max_sentences,
        )
    except ModelError as error:
        near = difflib.get_close_matches(name, BASELINES, n=1)
        if not near or Path(name).exists():
            raise
        raise ModelError(f"{error}; of the baselines {near[0]!r} is nearest") from None


def answers_of(model: Model) -> frozenset[str]:
    """The fields of an analysis that the model answers for; all unless it says otherwise."""
    answers: frozenset[str] = getattr(model, "answers", EVERYTHING)
    return answers


def note_of(model: Model) -> str:
    """What the model is given or does, where it says so."""
    return str(getattr(model, "note", ""))
