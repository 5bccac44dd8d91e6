"""Errors that a person can act on: each names the field and the way out."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

__all__ = ["UNAVAILABLE", "ArticleError", "AttacheError", "ModelError"]

#: Code of the error of an article whose model, a server elsewhere, gave no usable answer.
UNAVAILABLE = "model_unavailable"


class AttacheError(Exception):
    """Base of every error that this project raises on purpose."""


class ModelError(AttacheError):
    """A model that cannot be loaded or used: the message says which and what to do."""


class ArticleError(AttacheError):
    """One article that cannot be analysed; it stands in the place of its analysis.

    ``code`` is a stable word for programs, ``field`` the field at fault where there is one.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        article_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.article_id = article_id

    @classmethod
    def from_validation(cls, error: ValidationError, *, article_id: Any = None) -> ArticleError:
        """The first complaint of pydantic, in one plain sentence."""
        code, message, field = describe_validation(error.errors(include_url=False)[0])
        known = article_id if isinstance(article_id, str) else None
        return cls(code, message, field=field, article_id=known)


def describe_validation(detail: Any) -> tuple[str, str, str | None]:
    """``(code, message, field)`` for one entry of pydantic's error list."""
    field = ".".join(str(part) for part in detail["loc"]) or None
    kind, said = detail["type"], str(detail["msg"]).removeprefix("Value error, ")
    if kind == "missing":
        return "missing_field", f"{field} is missing; add it", field
    if kind == "extra_forbidden":
        return "unknown_field", f"{field} is not a field of this request; remove it", field
    code = "wrong_type" if kind.endswith("_type") else "invalid_value"
    said = f"{said[:1].lower()}{said[1:]}"
    return code, f"{field}: {said}" if field else said, field
