"""What a model is, and how one is loaded by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol, overload, runtime_checkable

from pipelines.article import Analysis, Article, ModelIdentity
from pipelines.errors import ArticleError, ModelError

__all__ = ["DEFAULT_WEIGHTS", "ArticleLike", "Model", "load"]

#: What :meth:`Model.analyse` takes: an article, its dictionary form, or bare text.
ArticleLike = Article | Mapping[str, Any] | str

DEFAULT_WEIGHTS = Path(__file__).with_name("weights")


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
    name: str | Path = "default",
    *,
    device: str = "cpu",
    max_characters: int = 200_000,
    max_words: int = 80,
    max_sentences: int = 3,
) -> Model:
    """The model of that name, ready to read.

    ``name`` is ``"default"`` for the embedded reader or the folder of a checkpoint that
    ``attache train`` wrote. ``max_words`` and ``max_sentences`` bound the summary of an
    article that sets no bounds of its own; a longer text than ``max_characters`` is
    refused. Raises :class:`~pipelines.errors.ModelError` when there is no such model.
    """
    from pipelines.reader import Reader  # torch is loaded here, not on import

    folder = DEFAULT_WEIGHTS if name == "default" else Path(name)
    if not folder.is_dir():
        near = difflib.get_close_matches(str(name), ["default"], n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ModelError(
            f"no model {str(name)!r}: give 'default' or the folder of a trained checkpoint{hint}"
        )
    return Reader.from_folder(
        folder,
        name="default" if name == "default" else folder.name,
        device=device,
        max_characters=max_characters,
        max_words=max_words,
        max_sentences=max_sentences,
    )
