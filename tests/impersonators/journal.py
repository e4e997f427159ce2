"""A file of JSON lines that survives everything: what a server received, accepted and answered, in order."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Journal:
    """Appends events and forces each one to the disk before the caller goes on."""

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self.path = path
        self._durable = durable
        self._file = path.open("ab", buffering=0)

    def write(self, event: str, **details: Any) -> None:
        """Append one event as one line."""
        line = json.dumps({"event": event, **details}, ensure_ascii=False, separators=(",", ":"))
        self._file.write(line.encode("utf-8", "surrogatepass") + b"\n")
        if self._durable:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def read(path: Path) -> list[dict[str, Any]]:
    """Return the events so far; a last line that is still being written is left out."""
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines]


def accepted(path: Path, platform: str) -> list[Mapping[str, Any]]:
    """Return the messages that stand in the channels of a platform, oldest first, folded re-sends left out.

    Each has `channel`, `id` (Slack's ts or Discord's message id), `n` (the request), `nonce` (Discord), `metadata`
    (Slack) and `body`, the request's own words.
    """
    return [
        row
        for row in read(path)
        if row["event"] == "accepted" and row["platform"] == platform and not row["folded"]
    ]
