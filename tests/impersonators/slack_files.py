"""Files: handed out by the bot in three steps, handed in by people, downloaded with the bot's token.

https://docs.slack.dev/messaging/working-with-files
"""

import hashlib
import mimetypes
from dataclasses import replace

from tests.impersonators.slack_call import Call, Json, SlackRefusal
from tests.impersonators.slack_messages import SlackFile, SlackMessage
from tests.impersonators.slack_world import Team


def file_json(file: SlackFile, team: Team, address: str) -> Json:
    """Return a file as Slack describes it; its content is behind `url_private_download`."""
    path = f"{address}/files-pri/{team.id}-{file.id}"
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        "filetype": file.name.rpartition(".")[2],
        "user": file.user,
        "user_team": team.id,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "url_private": f"{path}/{file.name}",
        "url_private_download": f"{path}/download/{file.name}",
    }


def files_get_upload_url(call: Call) -> Json:
    call.require("files:write")
    name, size = str(call.argument("filename")), int(call.argument("length"))
    file_id = call.world.numbers.new("F")
    # The announced length is kept in place of the content until that arrives.
    call.world.uploads[file_id] = SlackFile(file_id, name, b"\0" * size, call.team.bot_user_id)
    key = hashlib.sha256(file_id.encode()).hexdigest()[:12]
    return {"ok": True, "file_id": file_id, "upload_url": f"{call.address}/upload/v1/{file_id}-{key}"}


def take_upload(call: Call, ticket: str, content: bytes) -> None:
    """Keep what was posted to an upload URL; raise SlackRefusal."""
    file_id, _, key = ticket.rpartition("/")[2].partition("-")
    announced = call.world.uploads.get(file_id)
    if announced is None or key != hashlib.sha256(file_id.encode()).hexdigest()[:12]:
        raise SlackRefusal("file_not_found")
    if len(content) != len(announced.content):
        raise SlackRefusal("upload_length_mismatch")
    call.world.arrived[file_id] = replace(announced, content=content)


def files_complete_upload(call: Call) -> Json:
    call.require("files:write")
    files = call.structure("files", "invalid_arguments")
    if not isinstance(files, list) or not files:
        raise SlackRefusal("invalid_arguments")
    done = tuple(_completed(call, row) for row in files)
    targets = call.args.get("channel_id") or call.args.get("channels")
    if targets:
        _share(call, done)
    return {"ok": True, "files": [file_json(file, call.team, call.address) for file in done]}


def _completed(call: Call, row: Json) -> SlackFile:
    file = call.world.arrived.get(str(row.get("id")))
    if file is None or file.user != call.team.bot_user_id:
        raise SlackRefusal("file_not_found")
    call.team.files[file.id] = replace(file, title=str(row.get("title") or ""))
    return call.team.files[file.id]


def _share(call: Call, files: tuple[SlackFile, ...]) -> None:
    name = "channel_id" if call.args.get("channel_id") else "channels"
    channel = call.channel(name)
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if not channel.is_member:
        raise SlackRefusal("not_in_channel")
    text = str(call.args.get("initial_comment") or "")
    ts = call.world.new_ts(call.at_s)
    call.world.post(SlackMessage(ts, channel.id, call.team.bot_user_id, text, files=files))


def _known(call: Call) -> SlackFile:
    file = call.team.files.get(str(call.argument("file")))
    if file is None:
        raise SlackRefusal("file_not_found")
    return file


def files_info(call: Call) -> Json:
    call.require("files:read")
    return {"ok": True, "file": file_json(_known(call), call.team, call.address)}


def files_delete(call: Call) -> Json:
    call.require("files:write")
    del call.team.files[_known(call).id]
    return {"ok": True}


def download(team: Team | None, path: str) -> bytes | None:
    """Return the content of a file, or None to anybody but the bot of its team."""
    team_id, _, file_id = path.split("/")[2].partition("-")
    if team is None or team.id != team_id or team.revoked or "files:read" not in team.scopes:
        return None
    file = team.files.get(file_id)
    return file.content if file else None
