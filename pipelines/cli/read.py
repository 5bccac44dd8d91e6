"""``attache read``: files in, a person's view or JSON Lines out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipelines.article import Analysis, Article
from pipelines.errors import ArticleError
from pipelines.model import Model

__all__ = ["read_files"]


def _complain(name: str, message: str) -> None:
    print(f"attache: {name}: {message}", file=sys.stderr, flush=True)


def _read(name: str) -> str:
    """The text of a file or of standard input; raises :class:`OSError`, :class:`ValueError`."""
    data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"is not UTF-8 (byte {error.start}); convert it, for example with iconv"
        ) from None


def read_files(model: Model, names: Sequence[str], *, as_json: bool) -> bool:
    """Print an analysis of every readable file, in order; whether all could be read."""
    good = True
    given: list[str] = []

    def articles() -> Iterator[Article]:
        nonlocal good
        for name in names:
            try:
                text = _read(name)
            except OSError as error:
                good = False
                _complain(name, error.strerror or str(error))
            except ValueError as error:
                good = False
                _complain(name, str(error))
            else:
                given.append(name)
                yield Article(id=name, text=text)

    show = _show_json if as_json else _viewer(named=len(names) > 1)
    for i, result in enumerate(model.analyse(articles(), errors="yield")):
        if isinstance(result, ArticleError):
            good = False
            _complain(given[i], result.message)
        else:
            show(result)
    return good


def _show_json(analysis: Analysis) -> None:
    print(json.dumps(analysis.to_dict(), ensure_ascii=False), flush=True)


def _viewer(*, named: bool) -> Callable[[Analysis], None]:
    from pipelines.cli.view import View

    return View(named=named).show
