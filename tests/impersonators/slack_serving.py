"""What the local Slack answers to one HTTP request: methods, response_urls, files."""

from typing import Any

from tests.impersonators.faults import Fault
from tests.impersonators.loopback import Received, Reply
from tests.impersonators.slack_call import Call, Json, SlackRefusal
from tests.impersonators.slack_files import download, take_upload
from tests.impersonators.slack_methods import APP_METHODS, METHODS
from tests.impersonators.slack_posting import respond
from tests.impersonators.slack_world import SlackWorld, Team

JSON = "application/json; charset=utf-8"
HTML = "text/html"
RESPONSE = "response_url"
UPLOAD = "files.upload"
DOWNLOAD = "files.download"
_PATHS = {"/response/": RESPONSE, "/upload/v1/": UPLOAD, "/files-pri/": DOWNLOAD}
_GONE = ("expired_url", "used_url")


def operation(path: str) -> str:
    """Return the method that a path calls."""
    for start, name in _PATHS.items():
        if path.startswith(start):
            return name
    return path.removeprefix("/api/")


def serve(world: SlackWorld, received: Received, address: str) -> Reply:
    """Answer a request."""
    match received.operation:
        case "response_url":
            return _respond(world, received, address)
        case "files.upload":
            return _upload(world, received, address)
        case "files.download":
            return _download(world, received)
    return _method(world, received, address)


def _call(world: SlackWorld, team: Team, received: Received, address: str) -> Call:
    return Call(world, team, received.body, received.at.timestamp(), address)


def _respond(world: SlackWorld, received: Received, address: str) -> Reply:
    team_id, key = received.path.split("/")[2:4]
    url = world.response_urls.get(key)
    if url is None or url.team != team_id:
        return Reply(404, "no_service", content_type=HTML)
    try:
        respond(_call(world, world.teams[team_id], received, address), url)
    except SlackRefusal as refusal:
        return Reply(404 if refusal.error in _GONE else 400, refusal.body, content_type=JSON)
    return Reply(200, "ok", content_type=HTML)


def _upload(world: SlackWorld, received: Received, address: str) -> Reply:
    team = next(iter(world.teams.values()))
    content = received.files["content"].content
    try:
        take_upload(_call(world, team, received, address), received.path, content)
    except SlackRefusal as refusal:
        return Reply(400, refusal.error, content_type=HTML)
    return Reply(200, f"OK - {len(content)}", content_type=HTML)


def _download(world: SlackWorld, received: Received) -> Reply:
    token = received.headers.get("authorization", "").removeprefix("Bearer ")
    content = download(world.team_of_token(token), received.path)
    if content is None:
        # To whom it shows no file Slack shows the page to sign in, with status 200.
        return Reply(200, "<!DOCTYPE html><html><title>Sign in</title></html>", content_type=HTML)
    return Reply(200, content, content_type="application/octet-stream")


def _method(world: SlackWorld, received: Received, address: str) -> Reply:
    team: Team | None = None
    try:
        team = _caller(world, received)
        body = _run(_call(world, team, received, address), received.operation)
    except SlackRefusal as refusal:
        body = refusal.body
    scopes = {"x-oauth-scopes": ",".join(team.scopes)} if team else {}
    return Reply(200, body, scopes, JSON)


def _run(call: Call, name: str) -> Json:
    method = {**METHODS, **APP_METHODS}.get(name)
    if method is None:
        raise SlackRefusal("unknown_method", req_method=name)
    return method(call)


def _caller(world: SlackWorld, received: Received) -> Team:
    """Return the team whose token calls; bots and the app itself have methods of their own."""
    bearer = received.headers.get("authorization", "").removeprefix("Bearer ")
    token: Any = bearer or received.body.get("token")
    if not token:
        raise SlackRefusal("not_authed")
    app, bot = world.team_of_app_token(token), world.team_of_token(token)
    if (app and received.operation not in APP_METHODS) or (bot and received.operation in APP_METHODS):
        raise SlackRefusal("not_allowed_token_type")
    team = app or bot
    if team is None:
        raise SlackRefusal("invalid_auth")
    if team.app_token_revoked if app else team.revoked:
        raise SlackRefusal("token_revoked")
    return team


def misbehaviour(fault: Fault) -> Reply:
    """Word a rate limit or a server error."""
    if fault.status == 429:
        headers = {"Retry-After": str(max(1, round(fault.retry_after_s)))} if fault.retry_after_s else {}
        return Reply(429, {"ok": False, "error": "ratelimited"}, headers, JSON)
    return Reply(fault.status, "<html><body>Server Error</body></html>", content_type=HTML)
