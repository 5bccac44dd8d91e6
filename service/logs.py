"""The log: plain lines on stderr that never hold the text of an article."""

from __future__ import annotations

import logging
import traceback
from typing import Any

__all__ = ["log_config", "log_failure", "logger"]

logger = logging.getLogger("attache.service")


def log_config(level: str) -> dict[str, Any]:
    """Configuration for :mod:`logging`: our lines from ``level`` on, the server's warnings."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(message)s"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "plain",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"attache": {"level": level.upper()}},
    }


def log_failure(error: BaseException, *, where: str, request_id: str = "-") -> None:
    """Log an unforeseen error by its type and place.

    Its message stays out of the log: it may quote the article.
    """
    lines = [f"{type(error).__qualname__} in {where} id={request_id}"]
    cause: BaseException | None = error
    while cause is not None:
        lines.append(f"{type(cause).__qualname__}, raised at")
        lines += [line.rstrip() for line in traceback.format_tb(cause.__traceback__)]
        cause = cause.__cause__ or cause.__context__
    logger.error("\n".join(lines))
