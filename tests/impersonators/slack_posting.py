"""Posting, changing and taking away messages, by method or by response_url.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from dataclasses import replace
from typing import Any

from tests.impersonators.slack_call import Call, Json, SlackRefusal, message_json
from tests.impersonators.slack_messages import SlackMessage
from tests.impersonators.slack_world import ResponseUrl, SlackChannel

RESPONSES = 5
"""How often a response_url may be used, within half an hour."""
_CONTENT = frozenset({"token", "channel", "text", "blocks", "metadata", "user", "ts"})


def _message(call: Call, channel: SlackChannel, viewer: str | None = None) -> SlackMessage:
    return SlackMessage(
        ts=call.world.new_ts(call.at_s),
        channel=channel.id,
        user=call.team.bot_user_id,
        text=call.text(),
        blocks=tuple(call.blocks()),
        metadata=call.metadata(),
        options={key: value for key, value in call.args.items() if key not in _CONTENT},
        viewer=viewer,
    )


def chat_post_message(call: Call) -> Json:
    call.require("chat:write")
    wanted = str(call.argument("channel"))
    channel = direct(call, wanted) if wanted in call.team.users else call.place()
    message = call.world.post(_message(call, channel))
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": message_json(message, call.team)}


def direct(call: Call, user_id: str) -> SlackChannel:
    """Return the channel in which the bot and one person talk."""
    found = f"D0{call.team.id}{user_id}"
    if found not in call.team.channels:
        call.team.open(
            SlackChannel(found, "directmessage", call.team.id, is_im=True, is_private=True), [user_id]
        )
    return call.team.channels[found]


def chat_post_ephemeral(call: Call) -> Json:
    call.require("chat:write")
    channel, user = call.channel(), str(call.argument("user"))
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if not channel.is_member:
        raise SlackRefusal("not_in_channel")
    if user not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    message = call.world.post(_message(call, channel, user))
    return {"ok": True, "message_ts": message.ts}


def chat_update(call: Call) -> Json:
    call.require("chat:write")
    old = _own(call, "cant_update_message")
    new = replace(
        old,
        text=call.text() if call.args.get("text") else old.text,
        blocks=_blocks_after(call, old),
        metadata=call.metadata() or old.metadata,
        edits=old.edits + 1,
    )
    call.world.replace(old, new)
    return {
        "ok": True,
        "channel": new.channel,
        "ts": new.ts,
        "text": new.text,
        "message": message_json(new, call.team),
    }


def _blocks_after(call: Call, old: SlackMessage) -> tuple[Json, ...]:
    """Return the blocks of an updated message: those that stood are kept only where no text is given either."""
    given = call.structure("blocks", "invalid_blocks_format")
    if given is None and not call.args.get("text"):
        return tuple(dict(block) for block in old.blocks)
    # An empty list is the way to take blocks away.
    return tuple(call.blocks()) if given else ()


def chat_delete(call: Call) -> Json:
    call.require("chat:write")
    old = _own(call, "cant_delete_message")
    call.world.replace(old, None)
    return {"ok": True, "channel": old.channel, "ts": old.ts}


def _own(call: Call, refusal: str) -> SlackMessage:
    """Return a message of the bot; ephemeral ones and those of others cannot be reached."""
    wanted, ts = str(call.argument("channel")), str(call.argument("ts"))
    channel = call.team.channels.get(wanted)
    if channel is None or (channel.is_private and not channel.is_member):
        raise SlackRefusal("channel_not_found")
    message = next((message for message in channel.messages if message.ts == ts), None)
    if message is None:
        raise SlackRefusal("message_not_found")
    if message.user != call.team.bot_user_id:
        raise SlackRefusal(refusal)
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    return message


def respond(call: Call, url: ResponseUrl) -> None:
    """Do what was posted to a response_url; raise SlackRefusal."""
    if call.at_s > url.until_s:
        raise SlackRefusal("expired_url")
    if url.uses >= RESPONSES:
        raise SlackRefusal("used_url")
    url.uses += 1
    answer(call, url)


def answer(call: Call, url: ResponseUrl) -> None:
    """Show a response: in the place of the message that was acted on, or as a new one."""
    channel = call.team.channels[url.channel]
    source = _standing(channel, url.source)
    if call.flag("delete_original"):
        _remove(call, source)
        return
    if call.flag("replace_original") and source:
        new = replace(source, text=call.text(), blocks=tuple(call.blocks()), edits=source.edits + 1)
        url.source = new
        call.world.replace(source, new)
        return
    viewer = None if call.args.get("response_type") == "in_channel" else url.user
    call.world.post(_message(call, channel, viewer))


def _standing(channel: SlackChannel, source: SlackMessage | None) -> SlackMessage | None:
    shelf: list[SlackMessage] = [*channel.messages, *channel.whispers] if source else []
    return next((message for message in shelf if source and message.ts == source.ts), None)


def _remove(call: Call, source: SlackMessage | None) -> None:
    if source is None:
        raise SlackRefusal("message_not_found")
    call.world.replace(source, None)


def reaction(args: dict[str, Any]) -> bool:
    """Say whether the payload of an acknowledgement holds something to show."""
    return bool(args.get("text") or args.get("blocks") or args.get("delete_original"))
