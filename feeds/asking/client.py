"""One call to an OpenAI-compatible endpoint, cut off by the clock; what it may have cost is told by how it failed."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from feeds.asking.question import Question
from feeds.polling.http.retry_after import retry_after_seconds

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion

# Turned away before any work was done; other errors may stand before an answer that was made and is paid for.
_NOTHING_DONE = {429, 500, 503, 529}


class TurnedAway(Exception):
    """No answer, and none that could be charged. `is_final`: asking again will not help."""

    def __init__(self, reason: str, *, is_final: bool = False, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.retry_after = retry_after


class NoAnswer(Exception):
    """The question went out and no answer came back: it may have been charged."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that was paid for. `fault` says why it cannot be used; empty where it can. Tokens are None where the
    endpoint does not count them."""

    text: str
    input_tokens: int | None
    output_tokens: int | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`timeout` is the most seconds that a call takes, however slowly its answer drips in."""

    base_url: str
    model: str
    timeout: float
    api_key: str = ""

    def __repr__(self) -> str:
        return f"Endpoint({self.base_url}, {self.model})"


def ask(endpoint: Endpoint, question: Question) -> Reply:
    """Raise TurnedAway or NoAnswer. Takes 1.3 s longer the first time in a process: the library is large."""
    return asyncio.run(_within_time(endpoint, question))


async def _within_time(endpoint: Endpoint, question: Question) -> Reply:
    try:
        async with asyncio.timeout(endpoint.timeout):
            return await _asked(endpoint, question)
    except TimeoutError as error:
        raise NoAnswer(f"no answer within {endpoint.timeout:g} seconds") from error


async def _asked(endpoint: Endpoint, question: Question) -> Reply:
    import openai  # noqa: PLC0415  # only where a model is configured

    http = openai.DefaultAsyncHttpxClient(trust_env=False, follow_redirects=False)
    async with openai.AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=endpoint.api_key or "none",
        organization="",
        project="",
        timeout=endpoint.timeout,
        max_retries=0,
        http_client=http,
    ) as client:
        try:
            return _reply(await _completion(client, endpoint.model, question))
        except openai.APIStatusError as error:
            raise _failure(error.status_code, error.response.headers) from error
        except openai.APITimeoutError as error:
            raise NoAnswer("no answer in time") from error
        except openai.APIConnectionError as error:
            raise _unconnected(error) from error
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError) as error:
            raise NoAnswer(f"an answer that cannot be read ({type(error).__name__})") from error


async def _completion(client: AsyncOpenAI, model: str, question: Question) -> ChatCompletion:
    """Ask as most servers understand it; where that is a bad request, as the newer ones of OpenAI do."""
    import openai  # noqa: PLC0415

    try:
        completion: ChatCompletion = await client.chat.completions.create(**_request(model, question))
    except openai.BadRequestError:
        completion = await client.chat.completions.create(**_newer_request(model, question))
    return completion


def _request(model: str, question: Question) -> dict[str, Any]:
    schema = {"name": "answers", "schema": question.schema, "strict": True}
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": question.prompt},
            {"role": "user", "content": question.material},
        ],
        "response_format": {"type": "json_schema", "json_schema": schema},
        "max_tokens": question.most_output_tokens,
        "temperature": 0,
    }


def _newer_request(model: str, question: Question) -> dict[str, Any]:
    """Without temperature and lengths of strings, with the newer name for the most tokens."""
    request = _request(model, question)
    del request["temperature"]
    request["max_completion_tokens"] = request.pop("max_tokens")
    request["response_format"]["json_schema"] |= {"schema": _without_lengths(question.schema)}
    return request


def _without_lengths(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: _without_lengths(value) for name, value in schema.items() if name != "maxLength"}
    return schema


def _reply(completion: ChatCompletion) -> Reply:
    """Nothing in it is taken for granted: the library does not check what a server sends."""
    if not completion.choices:
        return Reply("", None, None, fault="no choices")
    choice, usage = completion.choices[0], completion.usage
    text = choice.message.content
    return Reply(
        text=text if isinstance(text, str) else "",
        input_tokens=_count(usage and usage.prompt_tokens),
        output_tokens=_count(usage and usage.completion_tokens),
        fault=_fault(choice.finish_reason, refusal=choice.message.refusal),
    )


def _count(tokens: object) -> int | None:
    return tokens if isinstance(tokens, int) and tokens >= 0 else None


def _fault(finish_reason: str, *, refusal: str | None) -> str:
    if refusal or finish_reason == "content_filter":
        return "refused"
    return "" if finish_reason == "stop" else "cut off" if finish_reason == "length" else "not finished"


def _failure(status: int, headers: Mapping[str, str]) -> TurnedAway | NoAnswer:
    """Never the body's words: some endpoints repeat the key in them."""
    reason = f"the endpoint answered {status}"
    if (status < 500 and status != 408) or status in _NOTHING_DONE:
        wait = retry_after_seconds(headers.get("Retry-After", ""), now=dt.datetime.now(dt.UTC))
        return TurnedAway(reason, is_final=status not in _NOTHING_DONE, retry_after=wait)
    return NoAnswer(reason)


def _unconnected(error: Exception) -> TurnedAway | NoAnswer:
    # By name, for the HTTP library is openai's own affair and changed before.
    if type(error.__cause__).__name__ in ("ConnectError", "UnsupportedProtocol", "InvalidURL"):
        return TurnedAway("the endpoint cannot be reached")
    return NoAnswer("the connection broke off")
