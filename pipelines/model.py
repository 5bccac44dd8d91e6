"""What a model is, and how one is loaded by name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, overload, runtime_checkable

from pipelines.article import Analysis, Article, ModelIdentity
from pipelines.errors import ArticleError, ModelError

if TYPE_CHECKING:
    from pipelines.hub.stages import Slot, Stage, StageSettings

__all__ = ["DEFAULT", "DEFAULT_WEIGHTS", "ArticleLike", "Model", "load", "usage"]

#: What :meth:`Model.analyse` takes: an article, its dictionary form, or bare text.
ArticleLike = Article | Mapping[str, Any] | str

DEFAULT = "default"
DEFAULT_WEIGHTS = Path(__file__).with_name("weights")
#: ``default+summary=NAME+stance=NAME`` names a model with other stages in one word.
_STAGE = re.compile(r"\+(summary|claims|stance)=")


@runtime_checkable
class Model(Protocol):
    """Anything that reads articles."""

    @property
    def identity(self) -> ModelIdentity: ...

    @overload
    def analyse(
        self, articles: Iterable[ArticleLike], *, errors: Literal["raise"] = "raise"
    ) -> Iterator[Analysis]: ...

    @overload
    def analyse(
        self, articles: Iterable[ArticleLike], *, errors: Literal["yield"]
    ) -> Iterator[Analysis | ArticleError]: ...

    def analyse(
        self, articles: Iterable[ArticleLike], *, errors: Literal["raise", "yield"] = "raise"
    ) -> Iterator[Analysis | ArticleError]:
        """One analysis an article, lazily and in order.

        With ``errors="yield"`` an :class:`ArticleError` stands in the place of an
        article that cannot be read; otherwise the first one is raised.
        """
        ...


def load(
    name: str | Path = DEFAULT,
    *,
    summary: str = DEFAULT,
    claims: str = DEFAULT,
    stance: str = DEFAULT,
    revision: str | None = None,
    settings: StageSettings | None = None,
    device: str = "cpu",
    max_characters: int = 200_000,
    max_words: int = 80,
    max_sentences: int = 3,
) -> Model:
    """The model of that name, ready to read.

    ``name`` is ``"default"`` for the embedded reader or the folder of a checkpoint that
    ``attache train`` wrote. ``summary``, ``claims`` and ``stance`` put another model in the
    place of a stage: ``[kind:]name[@revision]``, where the name is a repository of the
    Hugging Face hub or a folder, or ``openai:model`` for a server; ``revision`` is for the
    one stage that is swapped. ``name`` may say the same in one word, as
    ``default+summary=facebook/bart-large-cnn``. ``settings`` say how swapped stages run, by
    default the environment does; ``device`` says where the embedded reader runs.
    ``max_words`` and ``max_sentences`` bound the summary of an article that sets no bounds
    of its own; a longer text than ``max_characters`` is refused.

    Raises :class:`~pipelines.errors.ModelError` when there
    is no such model, or it cannot do what it is named for.
    """
    base, wanted = _split(name, {"summary": summary, "claims": claims, "stance": stance})
    folder = DEFAULT_WEIGHTS if base == DEFAULT else Path(base)
    if not folder.is_dir():
        near = difflib.get_close_matches(str(base), [DEFAULT], n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        if not near and "/" in str(base):
            hint = "; a model of the hub takes the place of a stage: summary, claims or stance"
        raise ModelError(
            f"no model {str(base)!r}: give 'default' or the folder of a trained checkpoint{hint}"
        )
    if revision is not None and len(wanted) != 1:
        raise ModelError(
            f"revision: {revision!r} is for one swapped stage, {len(wanted)} are; "
            "write NAME@REVISION instead"
        )
    if wanted and settings is None:
        from pipelines.hub.stages import StageSettings

        settings = StageSettings.from_environment()
    stages = _stages(wanted, revision, settings) if wanted and settings is not None else {}
    from pipelines.reader import Reader  # torch is loaded here, not on import

    reader = Reader.from_folder(
        folder,
        name=DEFAULT if base == DEFAULT else folder.name,
        device=device,
        max_characters=max_characters,
        max_words=max_words,
        max_sentences=max_sentences,
    )
    if not stages:
        return reader
    from pipelines.hub.swapped import swap

    return swap(reader, stages, wanted, strict=settings is not None and settings.strict)


def usage(model: Model) -> list[str]:
    """What the calls of chat models have cost so far, a line for each such model."""
    stages = getattr(model, "stages", None)
    return [] if stages is None else stages.usage()


def _split(name: str | Path, given: dict[Slot, str]) -> tuple[str | Path, dict[Slot, str]]:
    """The reader's name, and what is to take the place of which of its stages."""
    wanted: dict[Slot, str] = {slot: one for slot, one in given.items() if one != DEFAULT}
    for slot, one in wanted.items():
        if not one:
            raise ModelError(f"{slot}: the name is empty; give a model, or 'default'")
    if not isinstance(name, str) or Path(name).is_dir():
        return name, wanted
    base, *rest = _STAGE.split(name)
    slots: list[Any] = rest[::2]
    for slot, one in zip(slots, rest[1::2], strict=True):
        if slot in wanted:
            raise ModelError(f"{slot}: {wanted[slot]!r} and {one!r} are named; leave out one")
        if one != DEFAULT:
            wanted[slot] = one
    return base, wanted


def _stages(
    wanted: Mapping[Slot, str], revision: str | None, settings: StageSettings
) -> dict[Slot, Stage]:
    """Every swapped stage; a model that is named for two of them is loaded once."""
    from pipelines.hub.registry import load_stage
    from pipelines.hub.stages import SLOTS

    loaded: dict[str, Stage] = {}
    stages: dict[Slot, Stage] = {}
    for slot in SLOTS:
        name = wanted.get(slot)
        if name is None:
            continue
        stage = load_stage(slot, name, revision, settings, loaded.get(name))
        loaded[name] = stages[slot] = stage
    return stages
