"""HTTP mode: what Slack posts to an address of ours, believed only with a signature of the last five minutes.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.ports import Answer, Posted

WINDOW_S = 300
_DIGITS = 12


class SlackHook:
    """Takes signed requests for every app that is being served, found by whose secret has signed."""

    def __init__(self, now_s: Callable[[], float] = time.time) -> None:
        """Take a clock that gives seconds since 1970, as Slack's timestamps are."""
        self._now_s = now_s
        self._apps: Mapping[str, AsyncApp] = {}

    def open(self, apps: Mapping[str, AsyncApp]) -> None:
        """Take requests for these apps, by their signing secrets; for none, refuse all."""
        self._apps = apps

    async def answer(self, posted: Posted) -> Answer:
        """Check the signature and let the app answer: 401 to a stranger, 503 while nobody listens."""
        if not self._apps:
            return Answer(503)
        for secret, app in self._apps.items():
            if is_signed(posted, secret, self._now_s()):
                return await _dispatched(app, posted)
        return Answer(401)


def is_signed(posted: Posted, secret: str, now_s: float) -> bool:
    """Say whether Slack has signed a request with this secret, and lately."""
    timestamp = posted.headers.get("x-slack-request-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _DIGITS):
        return False
    if not secret or abs(now_s - int(timestamp)) > WINDOW_S:
        return False
    signed = b"v0:" + timestamp.encode() + b":" + posted.body
    expected = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    given = posted.headers.get("x-slack-signature", "")
    # What is no text came through as lone surrogates.
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


async def _dispatched(app: AsyncApp, posted: Posted) -> Answer:
    headers: dict[str, str | Sequence[str]] = dict(posted.headers)
    request = AsyncBoltRequest(body=posted.body.decode("utf-8", "replace"), headers=headers)
    response = await app.async_dispatch(request)
    return Answer(
        response.status, response.body or "", {key: values[0] for key, values in response.headers.items()}
    )
