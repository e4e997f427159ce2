"""HTTP mode: Slack posts signed payloads to the bot's own address.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Literal
from urllib.parse import urlencode

import aiohttp

from tests.impersonators.slack_delivery import Envelope, Json
from tests.impersonators.slack_world import Team

Forgery = Literal["bad", "old", "future", "non-numeric", "missing", "other body"]
Headers = dict[str, str]
OLD_S = 301


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature by which the bot knows that Slack speaks."""
    signed = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class Postman:
    """Posts payloads, signed or forged, and reads what the bot answers."""

    def __init__(self, limit_s: float, clock: Callable[[], float] = time.time) -> None:
        self.limit_s = limit_s
        self.forgeries: deque[Forgery] = deque()
        """How the next requests are wrongly signed."""
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close what is open."""
        if self._session:
            await self._session.close()

    async def deliver(self, team: Team, envelope: Envelope) -> None:
        """Post an envelope's payload; anything but 200 within the limit is a failure."""
        kind, body = _body(envelope)
        headers = {**self._signed(team, body), "Content-Type": kind, **_retry(envelope)}
        started = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self.limit_s):
                envelope.status, text = await self.post(str(team.request_url), body, headers)
        except TimeoutError:
            envelope.outcome = "operation_timeout"
            return
        except aiohttp.ClientError:
            envelope.outcome = "dispatch_failed"
            return
        finally:
            envelope.took_s = asyncio.get_running_loop().time() - started
        envelope.outcome = "acknowledged" if envelope.status == 200 else "dispatch_failed"
        envelope.acks += envelope.status == 200
        if envelope.accepts_response and envelope.status == 200:
            envelope.answer = _answer(text)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        """Post any bytes with any headers; return status and text of the answer."""
        self._session = self._session or aiohttp.ClientSession(trust_env=False)
        async with self._session.post(url, data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    def _signed(self, team: Team, body: bytes) -> Headers:
        forgery = self.forgeries.popleft() if self.forgeries else None
        shift = {"old": -OLD_S, "future": OLD_S}.get(str(forgery), 0)
        timestamp = "yesterday" if forgery == "non-numeric" else str(int(self._clock()) + shift)
        secret = "somebody else's" if forgery == "bad" else team.signing_secret
        signature = sign(secret, timestamp, b"{}" if forgery == "other body" else body)
        if forgery == "missing":
            return {}
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}

    async def verify(self, team: Team) -> bool:
        """Ask the bot's address whether it is the bot's, as Slack does when it is entered."""
        body = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1a"}).encode()
        headers = {**self._signed(team, body), "Content-Type": "application/json"}
        status, text = await self.post(str(team.request_url), body, headers)
        return status == 200 and "3eZbrw1a" in text


def _body(envelope: Envelope) -> tuple[str, bytes]:
    form = "application/x-www-form-urlencoded"
    if envelope.kind == "slash_commands":
        return form, urlencode(envelope.payload).encode()
    written = json.dumps(envelope.payload)
    if envelope.kind == "interactive":
        return form, urlencode({"payload": written}).encode()
    return "application/json", written.encode()


def _retry(envelope: Envelope) -> Headers:
    if not envelope.retry:
        return {}
    return {"X-Slack-Retry-Num": str(envelope.retry), "X-Slack-Retry-Reason": "http_timeout"}


def _answer(text: str) -> Json:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {"text": text}
    return value if isinstance(value, dict) else {}
