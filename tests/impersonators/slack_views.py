"""Windows that the bot opens before a person, within three seconds of what they did.

https://docs.slack.dev/surfaces/modals
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.impersonators.slack_call import Call, Json, SlackRefusal, with_ids
from tests.impersonators.slack_modals import SlackView
from tests.impersonators.slack_screen import Happening
from tests.impersonators.slack_view_rules import MOST_BYTES, view_faults, view_length
from tests.impersonators.slack_world import Trigger

STACK = 3
"""Windows over one another, the first included."""


@dataclass(frozen=True, slots=True)
class Window:
    """Puts views before people, for one call."""

    call: Call

    def checked(self) -> Json:
        """Return the view of the call with ids for its inputs, after every rule was held to it."""
        return self.valid(self.call.structure("view", "invalid_arguments"))

    def valid(self, view: Any) -> Json:
        """Hold every rule to a view."""
        faults = view_faults(view)
        if faults:
            messages = [f"[ERROR] {fault}" for fault in faults]
            raise SlackRefusal("invalid_arguments", response_metadata={"messages": messages})
        if view_length(view) > MOST_BYTES:
            raise SlackRefusal("view_too_large")
        inputs = [block.get("element", {}).get("type") for block in view["blocks"]]
        if "file_input" in inputs:
            self.call.require("files:read")
        ids = {"block_id": ""}
        blocks = [{**ids, **block} for block in with_ids(view["blocks"], self.call.world)]
        for block in blocks:
            block["block_id"] = block["block_id"] or self.call.world.numbers.new("b")
        return {**view, "blocks": blocks}

    def trigger(self) -> Trigger:
        """Use up the trigger of the call."""
        trigger = self.call.world.triggers.get(str(self.call.argument("trigger_id")))
        if trigger is None or trigger.team != self.call.team.id:
            raise SlackRefusal("invalid_trigger_id")
        if trigger.used:
            raise SlackRefusal("exchanged_trigger_id")
        if asyncio.get_running_loop().time() > trigger.until_s:
            raise SlackRefusal("expired_trigger_id")
        trigger.used = True
        return trigger

    def put(self, view: Json, user: str, stack: list[SlackView], channel: str = "") -> SlackView:
        """Show a view over the others of a stack."""
        world = self.call.world
        self._unique(view)
        view_id = world.numbers.new("V")
        opened = SlackView(view_id, self.call.team.id, user, view, world.new_ts(self.call.at_s))
        opened.channel = channel
        opened.previous = stack[-1].id if stack else None
        opened.root = stack[0].id if stack else view_id
        stack.append(opened)
        self.call.team.modals[user] = stack
        self.call.show(Happening("opened", self.call.team.id, viewer=user, view=opened))
        return opened

    def change(self, old: SlackView, view: Json) -> SlackView:
        """Show another content in a window that is open; what was typed stays where the field stays."""
        if view.get("external_id") != old.view.get("external_id"):
            self._unique(view)
        old.view, old.hash, old.errors, old.trouble = view, self.call.world.new_ts(self.call.at_s), {}, ""
        kept = {block["block_id"] for block in view["blocks"]}
        old.state = {block: state for block, state in old.state.items() if block in kept}
        self.call.show(Happening("updated", self.call.team.id, viewer=old.user, view=old))
        return old

    def close(self, view: SlackView, *, everything: bool = False) -> None:
        """Take a window away, with those over it; or all of them."""
        stack = self.call.team.modals.get(view.user, [])
        gone = stack[:] if everything else stack[stack.index(view) :]
        for item in gone:
            item.is_open = False
            stack.remove(item)
        self.call.show(Happening("closed", self.call.team.id, viewer=view.user, view=view))

    def _unique(self, view: Json) -> None:
        external = view.get("external_id")
        stacks = self.call.team.modals.values()
        if external and any(other.view.get("external_id") == external for stack in stacks for other in stack):
            raise SlackRefusal("duplicate_external_id")


def view_json(call: Call, view: SlackView) -> Json:
    """Return a view as Slack describes it."""
    team = call.team
    return {
        **view.view,
        "id": view.id,
        "team_id": team.id,
        "app_id": team.app_id,
        "bot_id": f"B0{team.id}",
        "app_installed_team_id": team.id,
        "callback_id": view.callback_id,
        "private_metadata": view.view.get("private_metadata", ""),
        "external_id": view.view.get("external_id", ""),
        "state": {"values": view.state},
        "hash": view.hash,
        "root_view_id": view.root,
        "previous_view_id": view.previous,
    }


def views_open(call: Call) -> Json:
    window = Window(call)
    view = window.checked()
    trigger = window.trigger()
    for old in call.team.modals.get(trigger.user, []):
        old.is_open = False
    return {"ok": True, "view": view_json(call, window.put(view, trigger.user, [], trigger.channel))}


def views_push(call: Call) -> Json:
    window = Window(call)
    view = window.checked()
    trigger = window.trigger()
    stack = call.team.modals.get(trigger.user, [])
    if not trigger.modal or trigger.modal not in [item.id for item in stack]:
        raise SlackRefusal("not_found")
    if len(stack) >= STACK:
        raise SlackRefusal("push_limit_reached")
    return {"ok": True, "view": view_json(call, window.put(view, trigger.user, stack, trigger.channel))}


def views_update(call: Call) -> Json:
    window = Window(call)
    view = window.checked()
    wanted = {key: call.args.get(key) for key in ("view_id", "external_id")}
    opened = [item for stack in call.team.modals.values() for item in stack if item.is_open]
    found = [
        item
        for item in opened
        if item.id == wanted["view_id"]
        or (wanted["external_id"] and item.view.get("external_id") == wanted["external_id"])
    ]
    if not found:
        raise SlackRefusal("not_found")
    if call.args.get("hash") and call.args["hash"] != found[0].hash:
        raise SlackRefusal("hash_conflict")
    return {"ok": True, "view": view_json(call, window.change(found[0], view))}
