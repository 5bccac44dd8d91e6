"""Chat models behind an OpenAI-compatible address: vLLM, llama.cpp, Ollama, a vendor."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipelines.article import ModelIdentity
from pipelines.errors import ModelError
from pipelines.hub.chat import ChatError, ChatStage, Request, Usage
from pipelines.hub.stages import StageSettings

if TYPE_CHECKING:
    from openai import OpenAI

__all__ = ["ServerBackend", "load_server_chat"]

logger = logging.getLogger(__name__)


def load_server_chat(name: str, settings: StageSettings) -> ChatStage:
    """The stage for the model ``name`` of the server at ``settings.chat_url``.

    Raises :class:`~pipelines.errors.ModelError` when there is no address, nobody answers
    at it, the key is refused or the server has no such model.
    """
    if not name:
        raise ModelError("openai: the model's name is missing; write openai:MODEL")
    if not settings.chat_url:
        raise ModelError(
            f"openai:{name}: no address; set chat_url, --chat-url or ATTACHE_CHAT_URL to the "
            "server's, such as http://127.0.0.1:8080/v1"
        )
    parts = urlsplit(settings.chat_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ModelError(f"chat_url: {settings.chat_url!r} is no http address")
    try:
        import rapidfuzz  # noqa: F401 - quotations are looked for with it
        from openai import OpenAI
    except ImportError:
        raise ModelError(
            f"openai:{name}: wants the extra attache[chat]; install it with pip"
        ) from None
    stances = settings.stance_set()
    client = OpenAI(
        base_url=settings.chat_url,
        api_key=settings.chat_key or "none",
        timeout=settings.chat_timeout,
        max_retries=settings.chat_retries,
    )
    _check(client, name, settings.chat_url)
    return ChatStage(ServerBackend(client, name, settings), stances)


def _check(client: OpenAI, name: str, url: str) -> None:
    import openai

    from pipelines.hub.registry import near

    try:
        known = [model.id for model in client.models.list()]
    except (openai.AuthenticationError, openai.PermissionDeniedError):
        raise ModelError(
            f"openai:{name}: the server at {url} refuses the key; set ATTACHE_CHAT_KEY"
        ) from None
    except (openai.APIConnectionError, openai.InternalServerError, openai.RateLimitError) as error:
        raise ModelError(
            f"openai:{name}: no server answers at {url} ({type(error).__name__}); start it, "
            "or mend the address"
        ) from None
    except openai.OpenAIError:
        return  # a server need not list its models
    if known and name not in known:
        raise ModelError(
            f"openai:{name}: the server at {url} has {', '.join(known[:5])}{near(name, known)}"
        )


class ServerBackend:
    """Calls with bounded concurrency; the client retries, waits and gives up by itself."""

    def __init__(self, client: OpenAI, name: str, settings: StageSettings) -> None:
        self.client = client
        self.name = name
        self.identity = ModelIdentity(name=f"openai:{name}", revision="unpinned")
        self.usage = Usage()
        self.limit = settings.chat_characters
        self.retries = settings.chat_retries
        self.concurrency = settings.chat_concurrency
        self._form = 0

    def count(self, texts: Sequence[str]) -> list[int]:
        """Characters, as a server's tokens are not known."""
        return [len(text) for text in texts]

    def complete(self, requests: Sequence[Request]) -> list[str | ChatError]:
        """The answer to each request, in order; see :class:`~pipelines.hub.chat.Backend`."""
        with ThreadPoolExecutor(self.concurrency, thread_name_prefix="attache-chat") as pool:
            return list(pool.map(self._one, requests))

    def _one(self, request: Request) -> str | ChatError:
        import openai

        while True:
            form = self._form
            try:
                return self._call(request, form)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                self.usage.add(failed=True)
                if form == len(_FORMS) - 1:
                    return ChatError(f"the server refuses the request ({error.status_code})")
                # Not every server knows schemas; the answer is checked here in any case.
                self._form = max(self._form, form + 1)
            except openai.APITimeoutError:
                self.usage.add(failed=True)
                return ChatError("no answer came in time")
            except openai.APIConnectionError:
                self.usage.add(failed=True)
                return ChatError("the connection broke")
            except openai.APIStatusError as error:
                self.usage.add(failed=True)
                return ChatError(f"the server answers with status {error.status_code}")
            except (openai.OpenAIError, ValueError) as error:
                self.usage.add(failed=True)
                return ChatError(f"the answer is no chat completion ({type(error).__name__})")

    def _call(self, request: Request, form: int) -> str:
        messages: Any = [
            {"role": "system", "content": request.system},
            {"role": "user", "content": request.user},
        ]
        done = self.client.chat.completions.create(
            model=self.name, messages=messages, **_FORMS[form](request.schema)
        )
        used = getattr(done, "usage", None)
        self.usage.add(
            prompt=getattr(used, "prompt_tokens", 0) or 0,
            answer=getattr(used, "completion_tokens", 0) or 0,
        )
        choices = getattr(done, "choices", None)
        if not choices:
            raise ValueError("no choices")
        # A half answer is no JSON as a rule; where it is by chance it must not pass for whole.
        if choices[0].finish_reason == "length":
            return ""
        return choices[0].message.content or ""


def _with_schema(schema: dict[str, Any]) -> dict[str, Any]:
    form = {"name": "reading", "strict": True, "schema": schema}
    return {"temperature": 0, "response_format": {"type": "json_schema", "json_schema": form}}


def _as_json(_: dict[str, Any]) -> dict[str, Any]:
    return {"temperature": 0, "response_format": {"type": "json_object"}}


def _bare(_: dict[str, Any]) -> dict[str, Any]:
    return {}


#: Ways to ask for JSON, the strictest first.
_FORMS = (_with_schema, _as_json, _bare)
