"""Discord's rate limits: the headers on every answer, and the answer 429.

https://docs.discord.com/developers/topics/rate-limits
"""

import hashlib
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.impersonators.faults import Scope
from tests.impersonators.loopback import Received, Reply


@dataclass(slots=True)
class RateRule:
    """How many requests a bucket takes in a time; tests may tighten it while they run."""

    limit: int = 1000
    per_s: float = 1.0


@dataclass(slots=True)
class Buckets:
    """Counts requests per route and channel."""

    rule: RateRule = field(default_factory=RateRule)
    _seen: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def count(self, received: Received) -> tuple[bool, Mapping[str, str]]:
        """Count a request; return whether it still fits, and the headers of its answer."""
        at_s = received.at.timestamp()
        bucket = bucket_of(received)
        seen = self._seen[f"{bucket}:{_major(received)}"]
        while seen and seen[0] <= at_s - self.rule.per_s:
            seen.popleft()
        fits = len(seen) < self.rule.limit
        if fits:
            seen.append(at_s)
        reset_s = seen[0] + self.rule.per_s
        headers = {
            "X-RateLimit-Limit": str(self.rule.limit),
            "X-RateLimit-Remaining": str(self.rule.limit - len(seen)),
            "X-RateLimit-Reset": f"{reset_s:.3f}",
            "X-RateLimit-Reset-After": f"{max(reset_s - at_s, 0.001):.3f}",
            "X-RateLimit-Bucket": bucket,
            "Via": "1.1 google",
        }
        return fits, headers


def _major(received: Received) -> str:
    """Return what divides a route into buckets of their own: the channel, or the token in the path."""
    names = ("channel_id", "interaction_token", "webhook_token")
    return next((received.places[name] for name in names if name in received.places), "")


def bucket_of(received: Received) -> str:
    """Return the hash by which Discord names the bucket of a route."""
    return hashlib.sha256(received.operation.encode()).hexdigest()[:32]


def too_many(retry_after_s: float, scope: Scope, received: Received) -> Reply:
    """Word a 429 so that discord.py waits for it: a `Via` header and a bare `application/json`."""
    headers = {
        "Via": "1.1 google",
        "Retry-After": f"{retry_after_s:g}",
        "X-RateLimit-Scope": scope,
        "X-RateLimit-Bucket": bucket_of(received),
    }
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    body = {
        "message": "You are being rate limited.",
        "retry_after": float(retry_after_s),
        "global": scope == "global",
    }
    return Reply(429, body, headers)


def banned(retry_after_s: float) -> Reply:
    """Word the ban of an address as Cloudflare does, which stands before Discord: no JSON, and no `Via`."""
    headers = {"Retry-After": f"{retry_after_s:g}"} if retry_after_s else {}
    return Reply(429, "error code: 1015", headers, "text/plain")
