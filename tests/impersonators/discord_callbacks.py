"""How a bot answers an interaction: the callback, follow-ups, and edits of what it answered.

https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.impersonators import discord_rules as rules
from tests.impersonators.discord_call import Call, DiscordRefusal, refuse
from tests.impersonators.discord_components import component_faults, form_faults
from tests.impersonators.discord_interactions import AUTOCOMPLETE, COMMAND, COMPONENT, FORM, Interaction
from tests.impersonators.discord_messages import EPHEMERAL, LOADING, DiscordMessage
from tests.impersonators.discord_objects import Json, message_json, user_json
from tests.impersonators.discord_posting import announce, drafted
from tests.impersonators.discord_world import DiscordChannel

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, OPEN_FORM = 4, 5, 6, 7, 8, 9
_ALLOWED = {
    COMMAND: {MESSAGE, DEFERRED_MESSAGE, OPEN_FORM},
    COMPONENT: {MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, OPEN_FORM},
    AUTOCOMPLETE: {CHOICES},
    FORM: {MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE},
}
_SCHEMAS = {
    MESSAGE: "CreateMessageInteractionCallbackRequest",
    DEFERRED_MESSAGE: "CreateMessageInteractionCallbackRequest",
    DEFERRED_UPDATE: "UpdateMessageInteractionCallbackRequest",
    UPDATE: "UpdateMessageInteractionCallbackRequest",
    CHOICES: "ApplicationCommandAutocompleteCallbackRequest",
    OPEN_FORM: "ModalInteractionCallbackRequest",
}
_EDIT = "IncomingWebhookUpdateRequestPartial"
_FOLLOW_UP = "IncomingWebhookRequestPartial"


def respond(call: Call) -> Json | None:
    """Take the first response to an interaction, in time and only once."""
    interaction = call.interactions.named(
        int(call.places["interaction_id"]), call.places["interaction_token"]
    )
    if interaction is None:
        raise DiscordRefusal(404, 10062, "Unknown interaction")
    if interaction.response is not None:
        raise DiscordRefusal(400, 40060, "Interaction has already been acknowledged.")
    if call.interactions.is_late(interaction):
        interaction.refused_late = True
        raise DiscordRefusal(404, 10062, "Unknown interaction")
    _check(call, interaction)
    interaction.response = call.body["type"]
    message = _perform(call, interaction, call.body.get("data") or {})
    return _answer(call, interaction, message) if call.body.get("with_response") in {"1", "true"} else None


def _check(call: Call, interaction: Interaction) -> None:
    kind, data = int(call.body.get("type") or 0), call.body.get("data") or {}
    allowed = _ALLOWED[interaction.type]
    if interaction.source is None:
        allowed = allowed - {DEFERRED_UPDATE, UPDATE}
    if kind not in allowed:
        refuse([("type", "BASE_TYPE_CHOICES", f"Value must be one of {sorted(allowed)}.")])
    if kind in {MESSAGE, UPDATE}:
        _check_message(call, data)
        if kind == MESSAGE and rules.is_empty({**data, **_files(call)}):
            raise DiscordRefusal(400, 50006, "Cannot send an empty message")
    elif kind == CHOICES:
        refuse(_choice_faults(data))
    elif kind == OPEN_FORM:
        refuse(form_faults(data, "data"))
    body = {key: value for key, value in call.body.items() if key in {"type", "data"}}
    refuse(call.schema.faults(_SCHEMAS[kind], body))


def _files(call: Call) -> Json:
    return {"files": list(call.files)} if call.files else {}


def _check_message(call: Call, data: Json) -> None:
    refused = rules.refused_urls(data, call.world.refused_urls)
    faults = [*rules.message_faults(data), *component_faults(data), *refused]
    refuse((f"data.{place}", code, words) for place, code, words in faults)


def _choice_faults(data: Json) -> list[rules.Fault]:
    choices = data.get("choices")
    if not isinstance(choices, list):
        return [("data.choices", "BASE_TYPE_REQUIRED", "This field is required")]
    faults = []
    if len(choices) > 25:
        faults.append(("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."))
    for index, choice in enumerate(choices):
        for key in ("name", "value"):
            value = choice.get(key)
            if isinstance(value, str) and not 1 <= rules.length(value) <= 100:
                words = "Must be between 1 and 100 in length."
                faults.append((f"data.choices.{index}.{key}", "BASE_TYPE_BAD_LENGTH", words))
    return faults


def _perform(call: Call, interaction: Interaction, data: Json) -> DiscordMessage | None:
    match interaction.response:
        case 4:
            return _show(call, interaction, drafted(call, _channel(call, interaction), data))
        case 5:
            flags = int(data.get("flags") or 0) | LOADING
            draft = drafted(call, _channel(call, interaction), {"flags": flags})
            return _show(call, interaction, draft)
        case 6 | 7:
            return _update_source(call, interaction, data)
        case 8:
            interaction.choices = data["choices"]
        case _:
            interaction.form = data
    return None


def _update_source(call: Call, interaction: Interaction, data: Json) -> DiscordMessage | None:
    assert interaction.source is not None
    interaction.original_id = interaction.source.id
    message = _channel(call, interaction).find(interaction.source.id)
    if message is not None and interaction.response == UPDATE:
        return _revise(call, message, data)
    return message


def _channel(call: Call, interaction: Interaction) -> DiscordChannel:
    try:
        return call.world.channel(interaction.channel_id)
    except KeyError as error:
        raise DiscordRefusal(404, 10003, "Unknown Channel") from error


def _show(call: Call, interaction: Interaction, draft: DiscordMessage) -> DiscordMessage:
    """Put the answer into the channel, for the person only where it is ephemeral."""
    private = interaction.person_id if draft.flags & EPHEMERAL else None
    message = _channel(call, interaction).put(
        replace(draft, shown_to=private, interaction=_asked(call, interaction))
    )
    if interaction.original_id is None:
        interaction.original_id = message.id
    announce(call, "MESSAGE_CREATE", message)
    return message


def _asked(call: Call, interaction: Interaction) -> Json:
    """Describe what a message answers."""
    asked: Json = {
        "id": str(interaction.id),
        "type": interaction.type,
        "user": user_json(call.world.people[interaction.person_id]),
        "authorizing_integration_owners": {"0": str(interaction.guild_id)},
    }
    if interaction.type == COMPONENT and interaction.source:
        asked["interacted_message_id"] = str(interaction.source.id)
    if interaction.type == FORM:
        opener = next(item for item in call.interactions.all if item.id == interaction.opened_by)
        asked["triggering_interaction_metadata"] = _asked(call, opener)
    return asked


def _revise(call: Call, message: DiscordMessage, data: Json) -> DiscordMessage:
    channel = call.world.channel(message.channel_id)
    kept_ids = {str(item.get("id")) for item in data.get("attachments") or ()}
    kept = tuple(
        file for file in message.attachments if "attachments" not in data or str(file.id) in kept_ids
    )
    revised = replace(
        message,
        content=data.get("content", message.content) or "",
        embeds=tuple(data.get("embeds", message.embeds) or ()),
        components=tuple(data.get("components", message.components) or ()),
        allowed_mentions=data.get("allowed_mentions", message.allowed_mentions),
        attachments=kept + call.attached(message.channel_id),
        flags=(message.flags | int(data.get("flags") or 0)) & ~LOADING,
        edits=message.edits + 1,
        body=data,
    )
    announce(call, "MESSAGE_UPDATE", channel.put(revised))
    return revised


def _answer(call: Call, interaction: Interaction, message: DiscordMessage | None) -> Json:
    told: Json = {"id": str(interaction.id), "type": interaction.type}
    if message is None:
        return {"interaction": told}
    told |= {
        "response_message_id": str(message.id),
        "response_message_loading": message.is_loading,
        "response_message_ephemeral": message.is_ephemeral,
    }
    resource = {"type": interaction.response, "message": _described(call, message)}
    return {"interaction": told, "resource": resource}


def _described(call: Call, message: DiscordMessage) -> Json:
    author = call.world.user(message.author_id)
    assert author is not None
    return message_json(message, author)


def follow_up(call: Call) -> Json | None:
    """Send another message, or fill in the one that was deferred."""
    interaction = _by_token(call)
    body = _plain(call.body)
    if interaction.response is None:
        # Before the first response its webhook is not there.
        raise DiscordRefusal(404, 10015, "Unknown Webhook")
    _check_webhook_body(call, body, _FOLLOW_UP)
    if rules.is_empty({**body, **_files(call)}):
        raise DiscordRefusal(400, 50006, "Cannot send an empty message")
    interaction.touched = True
    loading = _original(call, interaction)
    if loading and loading.is_loading:
        return _described(call, _revise(call, loading, {**body, "flags": body.get("flags", 0) & ~EPHEMERAL}))
    message = _show(call, interaction, drafted(call, _channel(call, interaction), body))
    interaction.followups.append(message.id)
    return _described(call, message) if call.body.get("wait") in {"1", "true"} else None


def _plain(body: Mapping[str, Any]) -> Json:
    return {
        key: value
        for key, value in body.items()
        if key not in {"wait", "with_components", "thread_id", "files"}
    }


def _check_webhook_body(call: Call, body: Json, schema: str) -> None:
    refuse(component_faults(body))
    call.validate(body, schema)


def _by_token(call: Call) -> Interaction:
    token = call.places["webhook_token"]
    interaction = call.interactions.of_token(int(call.places["webhook_id"]), token)
    if interaction is None:
        raise DiscordRefusal(401, 50027, "Invalid Webhook Token")
    return interaction


def _original(call: Call, interaction: Interaction) -> DiscordMessage | None:
    return _channel(call, interaction).find(interaction.original_id) if interaction.original_id else None


def _message(call: Call) -> tuple[Interaction, DiscordMessage]:
    """Return what an edit of `@original` or of a follow-up is about: a token reaches its own messages only."""
    interaction = _by_token(call)
    wanted = int(call.places["message_id"]) if "message_id" in call.places else interaction.original_id
    if wanted is None or wanted not in {interaction.original_id, *interaction.followups}:
        raise DiscordRefusal(404, 10008, "Unknown Message")
    message = _channel(call, interaction).find(wanted)
    if message is None:
        raise DiscordRefusal(404, 10008, "Unknown Message")
    return interaction, message


def get_answer(call: Call) -> Json:
    _, message = _message(call)
    return _described(call, message)


def edit_answer(call: Call) -> Json:
    interaction, message = _message(call)
    body = _plain(call.body)
    _check_webhook_body(call, body, _EDIT)
    interaction.touched = True
    return _described(call, _revise(call, message, body))


def delete_answer(call: Call) -> None:
    interaction, message = _message(call)
    interaction.touched = True
    channel = _channel(call, interaction)
    channel.take_away(message.id)
    announce(call, "MESSAGE_DELETE", message)
