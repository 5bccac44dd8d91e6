"""What an executor is, and the simplest one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

__all__ = ["Done", "Executor", "InProcess", "Task"]

T = TypeVar("T")

#: What is done with an item; its result is the commit record. Can be sent to other
#: processes, and repeating it does no harm.
Task = Callable[[T], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """An item and its record, or why it was given up."""

    item: T
    record: dict[str, Any] | None
    failure: str | None = None


class Executor(Protocol):
    def run(self, task: Task[T], items: Sequence[T]) -> Iterator[Done[T]]:
        """Each item exactly once, in whatever order they are finished.

        A worker that dies costs no item. An exception that ``task`` raises, such as a
        full disk, is raised here.
        """
        ...


class InProcess:
    """One after another, in this process."""

    def run(self, task: Task[T], items: Sequence[T]) -> Iterator[Done[T]]:
        for item in items:
            yield Done(item, task(item))
