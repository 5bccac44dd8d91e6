"""What every form is given, and how its failures become rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.archive.extract import Extractor
from pipelines.archive.records import Found, Trouble
from pipelines.archive.settings import BatchError, BatchSettings

__all__ = ["Reading", "guarded"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One pass over a unit. ``skipped`` counts what is no article, by kind."""

    settings: BatchSettings
    extractor: Extractor
    objects: tuple[Any, ...] = ()
    skipped: Counter[str] = field(default_factory=Counter)


def guarded(source: str, read: Callable[[], Iterator[Found]], start: int = 0) -> Iterator[Found]:
    """What ``read`` gives, and where it breaks off one last row that says why."""
    position = start
    try:
        for found in read():
            position = found.position + 1
            yield found
    except Trouble as trouble:
        yield Found.failed(source, position, trouble)
    except BatchError:
        raise
    except Exception as error:  # libraries meet a broken file with errors of every kind
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        after = f" after {position:,} records" if position > start else ""
        broken = Trouble("broken_file", f"cannot be read{after}: {said}")
        yield Found.failed(source, position, broken)
