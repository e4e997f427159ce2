"""Slack's Web API methods as functions over the imaginary Slack.

https://docs.slack.dev/reference/methods
"""

from collections.abc import Callable, Mapping

from tests.impersonators.slack_call import Call, Json, SlackRefusal
from tests.impersonators.slack_files import (
    files_complete_upload,
    files_delete,
    files_get_upload_url,
    files_info,
)
from tests.impersonators.slack_places import (
    conversations_history,
    conversations_info,
    conversations_join,
    conversations_list,
    conversations_members,
    conversations_open,
    usergroups_list,
    usergroups_users_list,
    users_conversations,
    users_info,
    users_list,
)
from tests.impersonators.slack_posting import chat_delete, chat_post_ephemeral, chat_post_message, chat_update
from tests.impersonators.slack_views import views_open, views_push, views_update

Method = Callable[[Call], Json]


def auth_test(call: Call) -> Json:
    team = call.team
    return {
        "ok": True,
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": team.bot_name,
        "team_id": team.id,
        "user_id": team.bot_user_id,
        "bot_id": f"B0{team.id}",
        "is_enterprise_install": False,
    }


def auth_revoke(call: Call) -> Json:
    """Take the token back; it is the app's only one in the team, so the app is gone too."""
    if call.flag("test"):
        return {"ok": True, "revoked": False}
    call.tell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [call.team.bot_user_id]}})
    call.tell({"type": "app_uninstalled"})
    call.team.revoked = True
    return {"ok": True, "revoked": True}


def apps_connections_open(call: Call) -> Json:
    ticket = call.world.numbers.new("ticket")
    call.world.tickets[ticket] = call.team.app_token
    return {
        "ok": True,
        "url": f"{call.address.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={call.team.app_id}",
    }


def team_info(call: Call) -> Json:
    call.require("team:read")
    return {"ok": True, "team": {"id": call.team.id, "name": call.team.name, "domain": call.team.domain}}


APP_METHODS: Mapping[str, Method] = {"apps.connections.open": apps_connections_open}
"""Called with the app's own token, not with a bot's."""

METHODS: Mapping[str, Method] = {
    "auth.test": auth_test,
    "auth.revoke": auth_revoke,
    "chat.postMessage": chat_post_message,
    "chat.postEphemeral": chat_post_ephemeral,
    "chat.update": chat_update,
    "chat.delete": chat_delete,
    "conversations.info": conversations_info,
    "conversations.history": conversations_history,
    "conversations.join": conversations_join,
    "conversations.list": conversations_list,
    "conversations.members": conversations_members,
    "conversations.open": conversations_open,
    "files.getUploadURLExternal": files_get_upload_url,
    "files.completeUploadExternal": files_complete_upload,
    "files.delete": files_delete,
    "files.info": files_info,
    "team.info": team_info,
    "usergroups.list": usergroups_list,
    "usergroups.users.list": usergroups_users_list,
    "users.conversations": users_conversations,
    "users.info": users_info,
    "users.list": users_list,
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
}

__all__ = ["APP_METHODS", "METHODS", "Call", "SlackRefusal"]
