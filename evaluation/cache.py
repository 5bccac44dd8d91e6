"""Analyses kept on disk, so that a run that broke off goes on where it was.

An analysis is found again by a key of the article, the model's name and revision, this
project's version, and the settings that the model was loaded with. One file a model, one
line an analysis, written as soon as it is there; errors are not kept, so that they are
tried again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.article import Analysis, Article, ModelIdentity
from pipelines.version import __version__

__all__ = ["Cache"]

_FORMAT = 1


class Cache:
    """The analyses of one model, in ``folder``; without a folder nothing is kept."""

    def __init__(
        self, folder: Path | None, model: ModelIdentity, settings: Mapping[str, Any]
    ) -> None:
        self._about = {
            "format": _FORMAT,
            "version": __version__,
            **model.model_dump(),
            "settings": dict(settings),
        }
        self._found: dict[str, dict[str, Any]] = {}
        self._path: Path | None = None
        self._begun = False
        if folder is not None:
            name = re.sub(r"[^\w.-]+", "_", model.name)[:60]
            self._path = folder / f"{name}-{self._digest(None)[:12]}.jsonl"
            self._found = self._load(self._path)

    def _digest(self, article: Article | None) -> str:
        words = json.dumps([self._about, article.model_dump() if article else None], sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()

    @staticmethod
    def _load(path: Path) -> dict[str, dict[str, Any]]:
        if not path.is_file():
            return {}
        found = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
                found[row["key"]] = row["analysis"]
            except (ValueError, KeyError, TypeError):
                continue  # the last line of a run that was killed while writing it
        return found

    def get(self, article: Article) -> Analysis | None:
        """The kept analysis, None when there is none that fits the text."""
        kept = self._found.get(self._digest(article))
        if kept is None:
            return None
        try:
            return Analysis.from_dict(kept, text=article.text)
        except ValueError:
            return None

    def put(self, article: Article, analysis: Analysis) -> None:
        if self._path is None:
            return
        row = {"key": self._digest(article), "analysis": analysis.to_dict()}
        if not self._begun:
            self._begin(self._path)
            self._begun = True
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")

    @staticmethod
    def _begin(path: Path) -> None:
        """Make the file, and end a line that a killed run left half written."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and not path.read_bytes().endswith(b"\n"):
            with path.open("a", encoding="utf-8") as lines:
                lines.write("\n")
