"""What can be set, by environment: ``ATTACHE_PORT=9000`` sets :attr:`Settings.port`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.errors import AttacheError, describe_validation

__all__ = ["PREFIX", "Settings", "SettingsError", "as_variables", "read_settings"]

PREFIX = "ATTACHE_"

Count = Annotated[int, Field(ge=1)]


class SettingsError(AttacheError):
    """A setting that cannot be used: the message names it and says what it may be."""


class Settings(BaseSettings):
    """Settings of the service; each field's description is its documentation."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    model: str = Field(
        default="default", description="`default`, or the folder of a trained checkpoint."
    )
    summary: str = Field(default="default", description="Another model for summaries.")
    claims: str = Field(default="default", description="Another model that finds claims.")
    stance: str = Field(default="default", description="Another model that labels stances.")
    strict: bool = Field(
        default=False, description="Drop what a model wrote and the text does not support."
    )
    offline: bool = Field(
        default=False, description="Take models from the local cache alone, not from the hub."
    )
    chat_url: str = Field(
        default="", description="Address of the OpenAI-compatible server of `openai:` models."
    )
    chat_key: SecretStr = Field(default=SecretStr(""), description="The key it wants, if any.")
    chat_timeout: float = Field(default=120.0, gt=0, description="Seconds for each try of a call.")
    chat_retries: int = Field(default=3, ge=0, le=20, description="Further tries of a failed call.")
    chat_concurrency: Count = Field(default=4, le=256, description="Most calls at a time.")
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port; 0 takes a free one.")
    workers: int = Field(default=1, ge=1, le=64, description="Processes, each with its own model.")
    max_characters: Count = Field(default=200_000, description="Longest text of one article.")
    max_articles: Count = Field(default=1_000, description="Most articles in one request.")
    max_body_bytes: Count = Field(default=16 * 1024**2, description="Largest request body.")
    max_queue_characters: Count = Field(
        default=2_000_000,
        description="Text waiting or being read, beyond which requests are refused with 429; "
        "a larger request is taken when nothing else waits.",
    )
    max_words: Count = Field(
        default=80, le=10_000, description="Words of a summary whose article sets no bound."
    )
    max_sentences: Count = Field(
        default=3, le=1_000, description="Sentences of a summary whose article sets no bound."
    )
    shutdown_seconds: Count = Field(
        default=30, description="How long a stop waits for the requests under way."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least important message that is logged."
    )


def as_variables(settings: Settings) -> dict[str, str]:
    """The settings as the environment of another process has them."""
    return {
        PREFIX + name.upper(): (
            value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        )
        for name, value in settings
    }


def read_settings(**given: Any) -> Settings:
    """The settings of the environment, under those ``given`` that are not ``None``.

    Raises :class:`SettingsError` naming the variable or argument that is wrong.
    """
    given = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        _, message, field = describe_validation(error.errors(include_url=False)[0])
        if field is not None and field not in given:
            message = PREFIX + field.upper() + message.removeprefix(field)
        raise SettingsError(message) from None
