"""From the bytes of a request to its articles, or to an error that says what to mend."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Any, NoReturn

from starlette.requests import Request

from pipelines.article import Article
from pipelines.errors import ArticleError
from service.errors import ServiceError

__all__ = ["Wanted", "read_articles"]

SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The articles of one request; an error stands in the place of one that is none."""

    articles: Sequence[Article | ArticleError]
    many: bool


async def read_articles(request: Request, *, max_bytes: int, max_articles: int) -> Wanted:
    """What the request asks to have read.

    Raises :class:`ServiceError` when the request as a whole is wrong.
    """
    _check_type(request)
    body = _decode(await _receive(request, max_bytes))
    if not isinstance(body, dict):
        raise ServiceError(
            422, "wrong_type", f"the body is an object with text or articles, not {_kind(body)}"
        )
    if "articles" not in body:
        if "text" not in body:
            raise ServiceError(
                422,
                "missing_field",
                "text is missing; give text for one article, or articles for many",
                field="text",
            )
        return Wanted([_article(body)], many=False)
    return Wanted([_article(item) for item in _items(body, max_articles)], many=True)


def _check_type(request: Request) -> None:
    header = Message()
    header["Content-Type"] = request.headers.get("content-type", "")
    charset = str(header.get_param("charset", "utf-8")).lower()
    if header.get_content_type() != "application/json" or charset not in ("utf-8", "utf8"):
        raise ServiceError(
            415,
            "unsupported_media_type",
            "the body is not said to be JSON in UTF-8; send Content-Type: application/json",
            headers={"Accept": "application/json"},
        )
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise ServiceError(
            415,
            "unsupported_encoding",
            "the body is compressed; send it without Content-Encoding",
            headers={"Accept-Encoding": "identity"},
        )


async def _receive(request: Request, limit: int) -> bytes:
    """The body, as long as it stays within the limit."""
    too_large = ServiceError(
        413,
        "body_too_large",
        f"the body is larger than {limit} bytes; send fewer articles at a time",
    )
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise too_large
    return bytes(body)


def _decode(body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ServiceError(
            400,
            "not_utf8",
            f"the body is not UTF-8 (byte {error.start} fits no character); encode it as UTF-8",
        ) from None
    try:
        return json.loads(
            text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_duplicates
        )
    except json.JSONDecodeError as error:
        reason = f"{error.msg[:1].lower()}{error.msg[1:]} at character {error.pos}"
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError as error:
        reason = str(error)
    raise ServiceError(400, "invalid_json", f"the body is not JSON: {reason}")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a field stands twice in one object")
    return fields


def _items(body: dict[str, Any], most: int) -> list[Any]:
    """The list under ``articles``, which stands alone and is neither empty nor too long."""
    articles = body["articles"]
    if "text" in body:
        raise ServiceError(
            422,
            "text_and_articles",
            "text and articles exclude each other; give text for one article, articles for many",
            field="articles",
        )
    for name in body:
        if name != "articles":
            raise ServiceError(
                422,
                "unknown_field",
                f"{name} cannot stand beside articles; put it into each article, or remove it",
                field=name,
            )
    if not isinstance(articles, list):
        raise ServiceError(
            422, "wrong_type", f"articles is a list, not {_kind(articles)}", field="articles"
        )
    if not articles:
        raise ServiceError(
            422, "no_articles", "articles is empty; give at least one", field="articles"
        )
    if len(articles) > most:
        raise ServiceError(
            422,
            "too_many_articles",
            f"articles has {len(articles)} entries, and at most {most} are taken; send fewer",
            field="articles",
        )
    return articles


def _article(value: Any) -> Article | ArticleError:
    if not isinstance(value, dict):
        return ArticleError("wrong_type", f"an article is an object with text, not {_kind(value)}")
    for name, held in value.items():
        if SURROGATE.search(name):
            return _half_pair("the name of a field", None)
        if isinstance(held, str) and SURROGATE.search(held):
            return _half_pair(name, name)
    try:
        return Article.coerce(value)
    except ArticleError as error:
        return error


def _half_pair(where: str, field: str | None) -> ArticleError:
    message = f"{where} has half of a surrogate pair, which is no character; send whole ones"
    return ArticleError("invalid_unicode", message, field=field)


def _kind(value: Any) -> str:
    """What JSON calls this value."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    names: dict[type, str] = {str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")
