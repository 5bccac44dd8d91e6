"""What a stage is: the small interface between the reader and the models put in its places."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, Self, runtime_checkable

from pipelines.article import Claim, ModelIdentity, Span, Speaker
from pipelines.errors import ArticleError, ModelError
from pipelines.stances import StanceSet, default_stances

__all__ = [
    "SLOTS",
    "ClaimFinder",
    "Found",
    "FullReader",
    "Slot",
    "Source",
    "Stage",
    "StageSettings",
    "StanceLabeller",
    "Summariser",
    "Told",
    "Written",
]

Slot = Literal["summary", "claims", "stance"]
SLOTS: tuple[Slot, ...] = ("summary", "claims", "stance")


def _switch(word: str) -> bool:
    if word.casefold() in ("1", "true", "yes", "on"):
        return True
    if word.casefold() in ("0", "false", "no", "off"):
        return False
    raise ValueError(word)


_VARIABLES: Mapping[str, Callable[[str], Any]] = {
    "strict": _switch,
    "offline": _switch,
    "chat_url": str,
    "chat_key": str,
    "chat_timeout": float,
    "chat_retries": int,
    "chat_concurrency": int,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSettings:
    """How swapped stages are loaded and run; no setting here touches the embedded reader.

    ``device`` and ``dtype`` are torch's names, ``"auto"`` takes the accelerator that is
    there, and the precision it is good at. ``batch_tokens`` bounds the tokens, padding and
    beams counted, that one forward pass takes. ``offline`` looks into the local cache alone.
    ``strict`` drops what a model wrote and the article does not support. ``calibration``
    names a file of labelled articles that zero-shot stances are fitted to, ``stances`` a
    stance set to take the place of the embedded one. ``chat_url`` is the address of an
    OpenAI-compatible server, ``chat_key`` its key, ``chat_timeout`` in seconds for each
    try, ``chat_retries`` how often a failed call is tried again, ``chat_concurrency`` the
    most calls at a time, ``chat_characters`` the most text that one call carries.
    """

    device: str = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    batch_tokens: int = 16_384
    offline: bool = False
    strict: bool = False
    calibration: Path | None = None
    stances: Path | None = None
    chat_url: str = ""
    chat_key: str = field(default="", repr=False)
    chat_timeout: float = 120.0
    chat_retries: int = 3
    chat_concurrency: int = 4
    chat_characters: int = 24_000

    @classmethod
    def from_environment(cls, **given: object) -> Self:
        """What ``ATTACHE_STRICT``, ``ATTACHE_OFFLINE`` and ``ATTACHE_CHAT_…`` say.

        ``given`` go before them where they are not ``None``. Raises
        :class:`~pipelines.errors.ModelError` naming the variable that is wrong.
        """
        values: dict[str, Any] = {}
        for name, read in _VARIABLES.items():
            variable = f"ATTACHE_{name.upper()}"
            said = os.environ.get(variable, "")
            if said:
                try:
                    values[name] = read(said)
                except ValueError:
                    raise ModelError(f"{variable}: {said!r} is not one of its values") from None
        values |= {name: value for name, value in given.items() if value is not None}
        return cls(**values)

    def stance_set(self) -> StanceSet:
        """The stances that labellers choose from.

        Raises :class:`~pipelines.errors.ModelError` when the file of them is unfit.
        """
        try:
            return StanceSet.read(self.stances) if self.stances else default_stances()
        except (ValueError, OSError) as error:
            raise ModelError(f"stances: {error}") from None

    def __post_init__(self) -> None:
        for name in ("batch_tokens", "chat_timeout", "chat_concurrency", "chat_characters"):
            if getattr(self, name) <= 0:
                raise ModelError(f"{name}: must be more than 0, not {getattr(self, name)}")
        if self.chat_retries < 0:
            raise ModelError(f"chat_retries: must be 0 or more, not {self.chat_retries}")
        if self.dtype not in ("auto", "float32", "bfloat16", "float16"):
            raise ModelError(f"dtype: auto, float32, bfloat16 or float16, not {self.dtype!r}")


@dataclass(frozen=True, slots=True)
class Source:
    """One article as a stage gets it: its text, its sentences, the bounds of its summary."""

    text: str
    sentences: Sequence[Span]
    max_words: int
    max_sentences: int


@dataclass(frozen=True, slots=True)
class Written:
    """A summary as a model wrote it, whole sentences within the bounds; maybe none."""

    sentences: tuple[str, ...]
    coverage: float = 1.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Claims and speakers as a model found them, every span of them in the text."""

    claims: tuple[Claim, ...]
    speakers: tuple[Speaker, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A claim as a stance labeller gets it; ``context`` is the sentences it stands in."""

    text: str
    context: str
    speaker: str
    targets: tuple[str, ...]


class Stage(Protocol):
    """Whatever takes a place in the reading."""

    @property
    def identity(self) -> ModelIdentity: ...


@runtime_checkable
class Summariser(Stage, Protocol):
    def summarise(self, sources: Sequence[Source]) -> list[Written | ArticleError]:
        """One summary a source, in order; an error stands in the place of a failed one."""
        ...


@runtime_checkable
class ClaimFinder(Stage, Protocol):
    def find(self, sources: Sequence[Source]) -> list[Found | ArticleError]:
        """The claims of each source, in order; an error stands in the place of a failed one."""
        ...


@runtime_checkable
class StanceLabeller(Stage, Protocol):
    def label(self, claims: Sequence[Told]) -> list[Mapping[str, float]]:
        """The probability of each stance, for each claim, in order."""
        ...


@runtime_checkable
class FullReader(Summariser, ClaimFinder, Protocol):
    """A stage that gives summary and claims in one call."""

    def read(self, sources: Sequence[Source]) -> list[tuple[Written, Found] | ArticleError]:
        """Summary and claims of each source, in order."""
        ...
