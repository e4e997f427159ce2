"""What Slack says of people: who they are, what they may do, and which channels they can see.

Standing and membership are asked for at every command. Only what lets nobody in is remembered for a while: which
channels are public, what things are called; and, for seconds, who is in which user group, since Slack lets that be
asked only about twenty times a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from bot.chat.slack_errors import LIBRARY_ERRORS, code_of, may_pass, refuses_token
from bot.chat.slack_patience import Wait, patiently
from bot.chat.slack_payloads import Asked
from bot.chat.slack_team import SlackTeam
from bot.domain.commands.exchange import Caller, Rights
from bot.domain.model import ChannelAddress, Mention, Person
from bot.errors import ChatError, UserError

GROUPS_S = 10.0
NAMES_S = 600.0
PUBLIC_S = 60.0
PAGE = 999
MOST_ASKED = 20
"""Channels that newsbot is not in and that are asked for one by one."""
_UNKNOWN = frozenset({"user_not_found", "user_not_visible", "channel_not_found"})

T = TypeVar("T")
User = Mapping[str, Any]


class SlackPeople:
    """The people of one workspace."""

    def __init__(self, team: SlackTeam, wait: Wait) -> None:
        self._team, self._wait = team, wait
        self._memory: dict[str, tuple[float, Any]] = {}

    async def speaker(self, asked: Asked) -> tuple[Person, Rights]:
        """Return who speaks, under the name that the chat shows, and what they may do there; raise ChatError."""
        user, groups = await asyncio.gather(self._user(asked.user_id), self._groups_of(asked.user_id))
        member = self._is_full(user)
        # Whoever looks into a public channel sees its buttons without being in it.
        looking = asked.message and not (asked.fleeting or asked.channel.startswith("D"))
        if member and looking:
            member = asked.channel in await self._joined(asked.user_id)
        elif asked.form:
            member = await self._still_there(asked) and member
        profile = user.get("profile") or {}
        shown = profile.get("display_name") or user.get("real_name") or asked.user_name or asked.user_id
        return Person(asked.user_id, str(shown)), Rights(member, self._moderates(user), groups)

    async def _still_there(self, asked: Asked) -> bool:
        """Say whether somebody is in the channel where a form was opened; raise UserError when they see it no more."""
        ours, theirs = await asyncio.gather(
            self._remembered("ours", PUBLIC_S, self._joined), self._joined(asked.user_id)
        )
        # Slack does not tell us of conversations of a few people, nor of channels that newsbot is not in.
        if asked.channel in theirs or asked.channel not in ours:
            return True
        if ours[asked.channel]:
            raise UserError("You are no longer in the channel where you opened this.")
        return False

    async def rights(self, person: Person, channel: ChannelAddress) -> Rights:
        """Return what somebody may do in a channel: a guest, or who is not in it, is no member of it; raise ChatError."""
        user, groups, joined = await asyncio.gather(
            self._user(person.id), self._groups_of(person.id), self._joined(person.id)
        )
        member = self._is_full(user) and channel.channel in joined
        return Rights(member, self._moderates(user), groups)

    async def visible(self, person: Person, channels: Sequence[ChannelAddress]) -> frozenset[ChannelAddress]:
        """Return the channels that somebody is in, and the public ones unless they are a guest; raise ChatError."""
        mine = [channel for channel in channels if channel.workspace == self._team.team_id]
        if not mine:
            return frozenset()
        user, joined = await asyncio.gather(self._user(person.id), self._joined(person.id))
        others = {channel.channel for channel in mine} - joined.keys()
        seen = joined.keys() | (await self._public(others) if self._is_full(user) else set())
        return frozenset(channel for channel in mine if channel.channel in seen)

    async def may_mention(self, caller: Caller, channel: ChannelAddress, mention: Mention) -> bool:
        """Say whether a mention calls somebody of this workspace, and whether the caller could make it; raise ChatError."""
        if channel.workspace != self._team.team_id:
            return False
        if mention.kind == "person":
            user = await self._user(mention.id)
            return bool(user) and not user.get("deleted")
        # Guests can call people, not groups.
        return mention.kind == "group" and caller.rights.member and mention.id in await self._groups()

    async def names(self, ids: Iterable[str]) -> dict[str, str]:
        """Return what people and channels are called, as far as Slack tells."""
        wanted = list(ids)
        found = await asyncio.gather(
            *(self.channel_name(id) if id[:1] in "CG" else self._handle(id) for id in wanted)
        )
        return {id: name for id, name in zip(wanted, found, strict=True) if name}

    async def channel_name(self, id: str) -> str:
        """Return a channel's name without its #, or nothing where Slack does not tell."""

        async def ask() -> str:
            answer = await self._patiently(lambda: self._team.client.conversations_info(channel=id))
            return str((answer.get("channel") or {}).get("name") or "")

        return await self._told(f"name of {id}", ask)

    async def _handle(self, id: str) -> str:
        async def ask() -> str:
            return str((await self._user(id)).get("name") or "")

        return await self._told(f"name of {id}", ask)

    async def _told(self, what: str, ask: Callable[[], Awaitable[str]]) -> str:
        """Return a name, or nothing: a name is not worth a failure."""
        try:
            return await self._remembered(what, NAMES_S, ask)
        except ChatError:
            return ""

    def _is_full(self, user: User) -> bool:
        """Say whether somebody is a member of this workspace, neither a guest nor from another company."""
        lesser = ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted", "is_bot")
        at_home = user.get("team_id", self._team.team_id) == self._team.team_id
        return bool(user) and at_home and not any(user.get(name) for name in lesser)

    def _moderates(self, user: User) -> bool:
        """Say whether somebody is an admin or owner of this workspace, not of another company's."""
        return self._is_full(user) and bool(user.get("is_admin") or user.get("is_owner"))

    async def _user(self, id: str) -> User:
        """Return a person as Slack describes them now; empty when there is none."""
        answer = await self._patiently(lambda: self._team.client.users_info(user=id))
        return dict(answer["user"]) if answer else {}

    async def _joined(self, person: str = "") -> dict[str, bool]:
        """Return the channels that a person is in, or newsbot itself, each with whether it is private."""
        found: dict[str, bool] = {}
        cursor = ""
        while True:
            ask = partial(
                self._team.client.users_conversations,
                user=person or None,
                types="public_channel,private_channel",
                limit=PAGE,
                cursor=cursor or None,
            )
            answer = await self._patiently(ask)
            found |= {str(row["id"]): bool(row.get("is_private")) for row in answer.get("channels", ())}
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def _public(self, ids: set[str]) -> set[str]:
        """Return those channels that everybody can join."""
        if not ids:
            return set()
        ours = await self._remembered("ours", PUBLIC_S, self._joined)
        strange = sorted(ids - ours.keys())[:MOST_ASKED]
        open_ones = await asyncio.gather(*(self._is_public(id) for id in strange))
        return {id for id in ids if ours.get(id) is False} | {
            id for id, is_open in zip(strange, open_ones, strict=True) if is_open
        }

    async def _is_public(self, id: str) -> bool:
        async def ask() -> bool:
            answer = await self._patiently(lambda: self._team.client.conversations_info(channel=id))
            place = answer.get("channel") or {"is_private": True}
            return not (place.get("is_private") or place.get("is_im") or place.get("is_mpim"))

        return await self._remembered(f"is {id} public", PUBLIC_S, ask)

    async def _groups_of(self, person: str) -> frozenset[str]:
        return frozenset(id for id, people in (await self._groups()).items() if person in people)

    async def _groups(self) -> dict[str, frozenset[str]]:
        """Return the people of each user group; none without the scope, or in a plan that has none."""

        async def ask() -> dict[str, frozenset[str]]:
            answer = await self._patiently(
                lambda: self._team.client.usergroups_list(include_users=True), may_be_refused=True
            )
            groups = [group for group in answer.get("usergroups", ()) if not group.get("date_delete")]
            return {str(group["id"]): frozenset(group.get("users") or ()) for group in groups}

        return await self._remembered("groups", GROUPS_S, ask)

    async def _remembered(self, what: str, for_s: float, ask: Callable[[], Awaitable[T]]) -> T:
        """Return what was learnt at most so long ago, or ask."""
        now_s = asyncio.get_running_loop().time()
        if what in self._memory and now_s - self._memory[what][0] < for_s:
            remembered: T = self._memory[what][1]
            return remembered
        for old in [key for key, (at_s, _) in self._memory.items() if now_s - at_s > NAMES_S]:
            del self._memory[old]
        learnt = await ask()
        self._memory[what] = (now_s, learnt)
        return learnt

    async def _patiently(self, ask: Callable[[], Awaitable[Any]], *, may_be_refused: bool = False) -> Any:
        """Ask Slack; an empty answer where it knows of no such thing, or may keep it to itself."""
        try:
            return await patiently(ask, self._wait)
        except LIBRARY_ERRORS as error:
            refused = bool(code_of(error)) and not (may_pass(error) or refuses_token(error))
            if code_of(error) in _UNKNOWN or (may_be_refused and refused):
                return {}
            raise self._team.trouble(error).error() from error
