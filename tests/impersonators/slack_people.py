"""People before the imaginary Slack: they type, press, choose and fill in, and tell what they then see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.impersonators.slack_call import Call, Json, SlackRefusal
from tests.impersonators.slack_delivery import Envelope
from tests.impersonators.slack_forms import check, fill, option
from tests.impersonators.slack_messages import SlackMessage, elements
from tests.impersonators.slack_modals import SlackView
from tests.impersonators.slack_payloads import Act
from tests.impersonators.slack_posting import answer, reaction
from tests.impersonators.slack_screen import Happening
from tests.impersonators.slack_sight import Sight
from tests.impersonators.slack_typing import as_sent, by_phone
from tests.impersonators.slack_views import Window
from tests.impersonators.slack_world import SlackChannel, SlackUser, Team

if TYPE_CHECKING:
    from tests.impersonators.slack import SlackImpersonator

TROUBLE = "We had some trouble connecting. Try again?"


Until = Callable[[Sight], Any]


def _answered(sight: Sight) -> bool:
    return sight.answered


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a team. Each act returns when they see something, or what `until` asks for."""

    slack: "SlackImpersonator"
    team: Team
    user: SlackUser

    async def types(
        self,
        command: str,
        text: str = "",
        *,
        channel: str = "",
        raw: str | None = None,
        phone: bool = False,
        until: Until = _answered,
    ) -> Sight:
        """Type a slash command in a channel, the first of theirs unless named; `raw` is what the bot gets to the letter."""
        place = self._place(channel)
        if place.is_archived:
            raise AssertionError(f"nobody can type in {place.id}: it is archived")
        sight = self._look(place.id)
        if self.team.commands is not None and command not in self.team.commands:
            return self._fails(sight, f"{command} is not a valid command.")
        typed = by_phone(text) if phone else text
        sent = raw if raw is not None else as_sent(typed, self.team)
        payload, response = self._act().command(place, command, sent.strip())
        envelope = await self._send(sight, "slash_commands", payload, accepts=True)
        if envelope.outcome != "acknowledged":
            self._fails(sight, f"{command} failed with the error “{envelope.outcome}”")
        elif reaction(envelope.answer):
            answer(self._call(envelope.answer), response)
        return await sight.until(until)

    async def presses(
        self, label: str, *, on: SlackMessage | SlackView | None = None, until: Until = _answered
    ) -> Sight:
        """Press a button by its label: the newest that they can see, or that of a message or window."""
        return await self._interacts(on, until, _button(label))

    async def picks(
        self, choice: str, *, on: SlackMessage | SlackView | None = None, until: Until = _answered
    ) -> Sight:
        """Choose from a menu in a message or a window."""
        return await self._interacts(on, until, _choice(choice))

    async def _interacts(self, on: SlackMessage | SlackView | None, until: Until, wanted: "Wanted") -> Sight:
        place, block, action = self._find(on, wanted)
        if isinstance(place, SlackView):
            sight = self._look(place.channel)
            payload = self._act().press_in(place, block, action)
        else:
            sight = self._look(place.channel)
            payload = self._act().press(place, block, action)
        envelope = await self._send(sight, "interactive", payload)
        self._told(sight, envelope)
        return await sight.until(until)

    async def chooses(self, shortcut: str, *, on: SlackMessage, until: Until = _answered) -> Sight:
        """Choose a message shortcut from the menu of a message."""
        sight = self._look(on.channel)
        payload = self._act().shortcut(on, self.team.shortcuts.get(shortcut, shortcut))
        envelope = await self._send(sight, "interactive", payload)
        self._told(sight, envelope)
        return await sight.until(until)

    async def submits(
        self,
        values: Mapping[str, Any] | None = None,
        *,
        modal: SlackView | None = None,
        until: Until = _answered,
    ) -> Sight:
        """Fill in fields of the window on top by their labels and press its button."""
        view = modal or self._window()
        fill(self._call(), view, values or {})
        check(view)
        sight = self._look(view.channel)
        payload = self._act().submission(view)
        envelope = await self._send(sight, "interactive", payload, accepts=True)
        self._submitted(view, envelope)
        return await sight.until(until)

    def _submitted(self, view: SlackView, envelope: Envelope) -> None:
        try:
            if envelope.outcome != "acknowledged":
                raise SlackRefusal(envelope.outcome)
            _respond(Window(self._call()), view, envelope.answer)
        except SlackRefusal as refusal:
            view.trouble = TROUBLE
            words = f"{TROUBLE} ({refusal.error})"
            self.slack.world.screen.show(Happening("failed", self.team.id, "", self.user.id, words=words))

    async def closes(self, *, modal: SlackView | None = None, everything: bool = False) -> Sight:
        """Close the window on top, or all; the bot hears of it where it asked to."""
        view = modal or self._window()
        sight = self._look(view.channel)
        Window(self._call()).close(view, everything=everything)
        if view.view.get("notify_on_close"):
            payload = self._act().closing(view, everything=everything)
            await self._send(sight, "interactive", payload)
        return sight

    def says(self, text: str, *, channel: str = "") -> SlackMessage:
        """Say something in a channel."""
        place, ts = self._place(channel), self.slack.world.new_ts(self._call().at_s)
        return self.slack.world.post(SlackMessage(ts, place.id, self.user.id, text))

    def sees(self, channel: str = "") -> list[SlackMessage]:
        """Return the messages that this person can read in a channel, oldest first."""
        place = self._place(channel)
        mine = [message for message in place.whispers if message.viewer == self.user.id]
        return sorted([*place.messages, *mine], key=lambda message: message.ts)

    @property
    def modal(self) -> SlackView | None:
        """Return the window on top."""
        stack = self.team.modals.get(self.user.id)
        return stack[-1] if stack else None

    def _window(self) -> SlackView:
        if self.modal is None:
            raise AssertionError(f"{self.user.id} has no window open")
        return self.modal

    def _place(self, channel: str) -> SlackChannel:
        mine = [item for item in self.team.channels.values() if self.user.id in item.members]
        name = channel.removeprefix("#")
        found = [item for item in mine if not name or name in (item.id, item.name)]
        if not found:
            raise AssertionError(f"{self.user.id} is not in {channel or 'any channel'} of {self.team.id}")
        return found[0]

    def _look(self, channel: str) -> Sight:
        screen = self.slack.world.screen
        return Sight(screen, self.team.id, self.user.id, channel, len(screen.happenings))

    def _call(self, args: Json | None = None) -> Call:
        return self.slack.call(self.team, args or {})

    def _act(self) -> Act:
        return Act(self._call(), self.user, self.slack.trigger_limit_s)

    async def _send(self, sight: Sight, kind: str, payload: Json, *, accepts: bool = False) -> Envelope:
        sight.envelope = await self.slack.deliver(self.team, kind, payload, accepts=accepts)
        return sight.envelope

    def _told(self, sight: Sight, envelope: Envelope) -> None:
        if envelope.outcome != "acknowledged":
            self._fails(sight, f"⚠ {envelope.outcome}")

    def _fails(self, sight: Sight, words: str) -> Sight:
        self.slack.world.screen.show(
            Happening("failed", self.team.id, sight.channel, self.user.id, words=words)
        )
        return sight

    def _find(
        self, on: SlackMessage | SlackView | None, wanted: "Wanted"
    ) -> tuple[SlackMessage | SlackView, Mapping[str, Any], Json]:
        for place in [on] if on else self._in_sight():
            blocks = place.view["blocks"] if isinstance(place, SlackView) else place.blocks
            for block, part in elements(blocks):
                action = wanted(part)
                if action:
                    return place, block, action
        raise AssertionError(f"{self.user.id} sees nothing to press that is called so")

    def _in_sight(self) -> list[SlackMessage | SlackView]:
        """Return what can be pressed, the newest first; what lies under a window cannot."""
        if self.modal:
            return [self.modal]
        mine = [item for item in self.team.channels.values() if self.user.id in item.members]
        messages = (message for channel in mine for message in self.sees(channel.id))
        return [*sorted(messages, key=lambda message: message.ts, reverse=True)]


Wanted = Callable[[Mapping[str, Any]], Json | None]


def _button(label: str) -> Wanted:
    def wanted(part: Mapping[str, Any]) -> Json | None:
        if part["type"] != "button" or part["text"]["text"] != label:
            return None
        return {key: part[key] for key in ("type", "action_id", "text", "value", "style") if key in part}

    return wanted


def _choice(choice: str) -> Wanted:
    def wanted(part: Mapping[str, Any]) -> Json | None:
        if "options" not in part:
            return None
        try:
            chosen = option(part, choice)
        except KeyError:
            return None
        return {"type": part["type"], "action_id": part["action_id"], "selected_option": chosen}

    return wanted


def _respond(window: Window, view: SlackView, said: Json) -> None:
    """Do what the bot answered to a submission."""
    match said.get("response_action"):
        case "errors":
            errors = said.get("errors") or {}
            fields = {block["block_id"] for block in view.view["blocks"] if block["type"] == "input"}
            if not errors or not set(errors) <= fields:
                raise SlackRefusal("invalid errors")
            view.errors = dict(errors)
            window.call.show(Happening("updated", view.team, viewer=view.user, view=view))
        case "update":
            window.change(view, window.valid(said.get("view")))
        case "push":
            stack = window.call.team.modals[view.user]
            window.put(window.valid(said.get("view")), view.user, stack, view.channel)
        case "clear":
            window.close(view, everything=True)
        case None if not said:
            window.close(view)
        case unknown:
            raise SlackRefusal(f"invalid response_action {unknown}")
