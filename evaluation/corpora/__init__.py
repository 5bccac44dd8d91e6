"""The corpora by name, one small file each; :func:`read_corpora` reads what was asked for."""

from __future__ import annotations

import csv
import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from evaluation.corpora.base import Corpus, Located, Problems, Reader
from evaluation.corpora.cnn_dailymail import CNN_DAILYMAIL
from evaluation.corpora.guide import read_guide
from evaluation.corpora.gum import GUM
from evaluation.corpora.newsmtsc import NEWSMTSC
from evaluation.corpora.plover import PLOVER
from evaluation.corpora.polnear import POLNEAR
from evaluation.corpora.realsumm import REALSUMM
from evaluation.corpora.summeval import SUMMEVAL
from evaluation.corpora.xsum import XSUM
from evaluation.data import seed_file
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from pipelines.article import Article
from pipelines.errors import ArticleError
from pipelines.references import Reference

__all__ = ["CORPORA", "Corpus", "Reader", "read_corpora"]

CORPORA: dict[str, Reader] = {
    reader.name: reader
    for reader in (POLNEAR, PLOVER, NEWSMTSC, GUM, CNN_DAILYMAIL, XSUM, SUMMEVAL, REALSUMM)
}


def _locate(words: str) -> Path | Located:
    """A path of references by the guide, or a corpus by name and where it lies.

    Raises :class:`BenchmarkError` that suggests a near name.
    """
    name, colon, place = words.partition(":")
    if name in CORPORA and not Path(words).exists():
        return Located(name, place or None)
    if Path(words).exists() or not (colon or _looks_like_a_name(words)):
        return Path(words)
    near = difflib.get_close_matches(name, CORPORA, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise BenchmarkError(
        f"{words}: no such file or folder, and no corpus of that name; "
        f"there are {', '.join(CORPORA)}{hint}"
    )


def _looks_like_a_name(words: str) -> bool:
    return "/" not in words and "\\" not in words and not Path(words).suffix


def read_corpora(data: Sequence[str | Path], settings: Settings) -> list[Corpus]:
    """What was asked for, each corpus apart; all paths in the guide's form make up one.

    ``data`` are paths or ``NAME:PATH``, the project's seeds where it is empty. Raises
    :class:`~pipelines.errors.AttacheError` before anything is read by a model: for data
    that is not there or holds nothing, and for a malformed line when ``settings.strict``.
    """
    asked = [_locate(str(words)) for words in data] or [seed_file("articles/test.jsonl")]
    paths = [place for place in asked if isinstance(place, Path)]
    corpora = []
    if paths:
        problems = Problems(settings.strict)
        corpora.append(_finished(read_guide(paths, settings, problems), settings, problems))
    for place in asked:
        if isinstance(place, Located):
            problems = Problems(settings.strict)
            corpora.append(_finished(_read(place, settings, problems), settings, problems))
    return corpora


def _read(place: Located, settings: Settings, problems: Problems) -> Corpus:
    try:
        return CORPORA[place.name].read(place, settings, problems)
    except UnicodeDecodeError as error:
        raise BenchmarkError(
            f"{place.name}: {place.place}: a file there is not UTF-8 (byte {error.start}); "
            "convert it first"
        ) from None
    except csv.Error as error:
        raise BenchmarkError(f"{place.name}: {place.place}: no such table ({error})") from None


def _readable(references: Sequence[Reference], problems: Problems) -> Iterator[Reference]:
    """Those that make an article; the others are told to ``problems``."""
    for reference in references:
        try:
            Article.coerce(
                {
                    "text": reference.text or "",
                    "id": reference.id,
                    "title": reference.title,
                    "date": reference.date,
                }
            )
        except ArticleError as error:
            problems(f"{reference.id[:60]}: {error.message}; mend it or drop the article")
        else:
            yield reference


def _told_apart(references: Iterable[Reference]) -> Iterator[Reference]:
    """With ``#2`` and so on behind an id that came before, as one labelled twice has it."""
    seen: Counter[str] = Counter()
    for reference in references:
        seen[reference.id] += 1
        times = seen[reference.id]
        again = {"id": f"{reference.id}#{times}"}
        yield reference if times == 1 else reference.model_copy(update=again)


def _finished(corpus: Corpus, settings: Settings, problems: Problems) -> Corpus:
    usable = _told_apart(_readable(corpus.references, problems))
    corpus = replace(corpus, references=tuple(usable))
    if not corpus.references:
        first = f" ({problems.found[0]})" if problems.found else ""
        raise BenchmarkError(f"{corpus.name}: no references that can be used{first}")
    return replace(corpus.chosen(settings), problems=tuple(problems.found))
