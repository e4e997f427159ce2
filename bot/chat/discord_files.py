"""Files that people hand in on Discord."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import discord
import structlog

from bot.chat.discord_errors import LIBRARY_ERRORS
from bot.chat.discord_reading import Heard, Json, Said
from bot.chat.escaping import clean
from bot.domain.commands.exchange import Call, Reply, Submission, Upload, say

log = structlog.get_logger(__name__)

MAX_BYTES = 5_000_000


async def fetched(client: discord.Client, heard: Heard) -> Said | Reply:
    """Return what was said with its files in hand, or what to answer when they cannot be had."""
    uploads: dict[str, Upload] = {}
    for name, file in heard.files.items():
        upload = await _fetch(client, file)
        if isinstance(upload, str):
            return say(upload)
        uploads[name] = upload
    return _with(heard.said, uploads)


def _with(said: Said, uploads: Mapping[str, Upload]) -> Said:
    match said:
        case Call():
            return replace(said, arguments={**said.arguments, **uploads})
        case Submission():
            return replace(said, values={**said.values, **uploads})
        case _:
            return said


async def _fetch(client: discord.Client, file: Json) -> Upload | str:
    """Return a file, or why it cannot be had."""
    name = clean(str(file.get("filename") or "file"))
    if int(file.get("size") or 0) > MAX_BYTES:
        return f"“{name}” is larger than {MAX_BYTES // 1_000_000} MB, the most that newsbot reads."
    try:
        return Upload(name, await client.http.get_from_cdn(str(file["url"])))
    except LIBRARY_ERRORS as error:
        log.warning("discord file could not be fetched", reason=str(error)[:300])
        return f"Discord did not hand over “{name}”. Try again."
