"""Forms in Slack: opened within three seconds or not at all, filled in, refused, and closed."""

from __future__ import annotations

import pytest

from bot.chat.slack_files import MOST_BYTES, is_slacks
from bot.chat.slack_forms import Origin, filled_in, form_view
from bot.domain.commands.exchange import Action, Button, Field, Form, Reply, Upload, line, say
from bot.domain.model import ChannelAddress
from tests.adapters.slack_listening import RecordingDesk, listening, two_workspaces
from tests.impersonators.faults import broken, calling, cut
from tests.impersonators.slack_view_rules import view_faults

WORLD = ChannelAddress("slack", "T1", "C1")
QUERY = "What to watch for"
FORM = Form("Correct it", Action("redraft", ("d1",)), (Field("query", QUERY, "text", "Kim"),))
BUSY = "newsbot is busy just now. Give it a moment, then try again."
EDIT = Reply(say("Watching").lines, (Button("Edit", Action("redraft", ("d1",))),))


@pytest.fixture
async def slack():
    async with two_workspaces() as slack:
        yield slack


@pytest.fixture
def desk():
    return RecordingDesk()


async def test_subscribe_alone_opens_a_form_while_the_desk_is_blocked(slack, desk):
    desk.free.clear()
    async with listening(slack, desk):
        sight = await slack.person("U1").types("/news", "subscribe --feeds BBC")
    assert sight.modal.title == "Watch for words"
    assert sight.modal.values["Only these sources"] == "BBC"
    assert sight.envelope.outcome == "acknowledged"
    assert (desk.said, slack.calls("users.info")) == ([], [])


async def test_what_is_filled_in_comes_to_the_desk_from_where_the_form_was_opened(slack, desk):
    slack.add_channel("C3", name="europe", team="T1")
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe", channel="C1")
        sight = await quint.submits({QUERY: "  Kim <b> & Un\n#world ", "Channels": ["europe"]})
    (form,) = desk.said
    assert form.action == Action("subscribe")
    assert form.values == {
        "query": "Kim <b> & Un\n#world",
        "in": (ChannelAddress("slack", "T1", "C3"),),
        "feeds": "",
    }
    assert (form.caller.channel, form.caller.channel_name, form.caller.person.id) == (WORLD, "world", "U1")
    assert (sight.whispers, quint.modal) == (["Done."], None)


async def test_a_form_of_a_private_channel_that_somebody_has_left_meanwhile_is_refused(slack, desk):
    slack.add_channel("CPRIV", name="private", team="T1", is_private=True, members=["U1"])
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe", channel="CPRIV")
        slack.channel("CPRIV").members.discard("U1")
        wrong = await quint.submits({QUERY: "Kim"})
    assert wrong.errors == {"query": "You are no longer in the channel where you opened this."}
    assert desk.said == []


async def test_who_has_left_a_public_channel_hands_its_form_in_as_a_visitor(slack, desk):
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe", channel="C1")
        slack.channel("C1").members.discard("U1")
        await quint.submits({QUERY: "Kim"}, until=lambda _: desk.said)
    assert not desk.said[0].caller.rights.member


async def test_a_form_is_taken_from_where_newsbot_is_not(slack, desk):
    slack.add_channel("CFAR", name="far", team="T1", is_member=False)
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe", channel="CFAR")
        slack.channel("CFAR").members.discard("U1")
        await quint.submits({QUERY: "Kim"}, until=lambda _: desk.said)
    assert desk.said[0].caller.rights.member


async def test_a_channel_that_is_not_chosen_is_left_out(slack, desk):
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "subscribe")
        await slack.person("U1").submits({QUERY: "Kim"}, until=lambda _: desk.said)
    assert dict(desk.said[0].values) == {"query": "Kim", "feeds": ""}


async def test_a_query_that_cannot_be_read_keeps_the_form_open(slack, desk):
    desk.answer = Reply((line("I can’t read this query: a bracket never closes."),), refused=True)
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe")
        wrong = await quint.submits({QUERY: "(Kim"})
        assert wrong.errors == {"query": "I can’t read this query: a bracket never closes."}
        assert wrong.texts == []
        desk.answer = say("Watching.")
        right = await quint.submits({QUERY: "Kim"})
    assert (right.whispers, quint.modal) == (["Watching."], None)


async def test_an_answer_may_change_the_form(slack, desk):
    desk.answer = Reply(form=FORM)
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe")
        sight = await quint.submits({QUERY: "Kim"})
    assert (sight.modal.title, sight.modal.values) == ("Correct it", {QUERY: "Kim"})


async def test_an_answer_that_takes_long_comes_after_the_form_has_closed(slack, desk):
    desk.free.clear()
    desk.answer = Reply((line("Too many subscriptions."),), refused=True)
    async with listening(slack, desk, form_answer_s=0.05):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe")
        sight = await quint.submits({QUERY: "Kim"}, until=lambda _: quint.modal is None)
        assert sight.envelope.outcome == "acknowledged"
        desk.free.set()
        await sight.until(lambda seen: seen.whispers)
    assert sight.whispers == ["Too many subscriptions."]


async def test_a_form_that_breaks_the_desk_closes(slack, desk):
    def break_it(said):
        raise RuntimeError("broken")

    desk.answer = break_it
    async with listening(slack, desk):
        await slack.person("U1").types("/news", "subscribe")
        sight = await slack.person("U1").submits(
            {QUERY: "Kim"}, until=lambda _: slack.person("U1").modal is None
        )
    assert sight.failure == ""


async def test_a_button_opens_a_form_that_the_desk_has_filled(slack, desk):
    desk.answer = EDIT
    async with listening(slack, desk):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe Kim")
        desk.answer = Reply(form=FORM)
        sight = await quint.presses("Edit")
        assert (sight.modal.title, sight.modal.values) == ("Correct it", {QUERY: "Kim"})
        desk.answer = say("Watching Kim -golf")
        done = await quint.submits({QUERY: "Kim -golf"})
    assert done.whispers == ["Watching Kim -golf"]
    assert desk.said[-1].action == Action("redraft", ("d1",))


async def test_a_blocked_desk_opens_no_form_and_says_so_in_time(slack, desk):
    desk.answer = EDIT
    async with listening(slack, desk, form_within_s=0.05):
        quint = slack.person("U1")
        await quint.types("/news", "subscribe Kim")
        desk.free.clear()
        pressed = await quint.presses("Edit", until=lambda seen: seen.whispers)
        assert (pressed.whispers, pressed.modal) == ([BUSY], None)
        assert (await quint.types("/news", "edit 12")).whispers == [BUSY]


@pytest.mark.parametrize("fault", ["late", broken(500), cut()], ids=["late", "broken", "cut"])
async def test_a_form_that_slack_lets_nobody_open_any_more_is_told_of(slack, desk, fault):
    if fault != "late":
        slack.faults.next(fault, when=calling("views.open"))
    desk.answer = Reply(form=FORM)
    desk.free.clear()
    async with listening(slack, desk, form_within_s=9):
        sight = await slack.person("U1").types("/news", "edit 12", until=lambda _: desk.said)
        for trigger in slack.world.triggers.values():
            trigger.until_s = 0.0 if fault == "late" else trigger.until_s
        desk.free.set()
        await sight.until(lambda seen: seen.whispers)
    assert (sight.whispers, sight.modal) == ([BUSY], None)


# ---------------------------------------------------------------- files


async def test_a_file_comes_with_the_form(slack, desk):
    async with listening(slack, desk):
        quint = slack.person("U1")
        opened = await quint.types("/news", "import")
        (label,) = opened.modal.inputs
        await quint.submits({label: ("feeds.opml", b"<opml/>")}, until=lambda seen: seen.whispers)
    (form,) = desk.said
    assert (form.action, form.values["file"]) == (Action("import"), Upload("feeds.opml", b"<opml/>"))
    (fetched,) = slack.calls("files.download")
    assert fetched.headers["authorization"] == f"Bearer {slack.team('T1').token}"


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ("large", "feeds.opml is larger than 2 MB."),
        ("scope", "Slack does not let me read feeds.opml."),
        ("gone", "Slack does not let me read feeds.opml."),
        ("cut", "I could not get feeds.opml from Slack. Try again in a moment."),
        ("swollen", "feeds.opml is larger than 2 MB."),
        ("elsewhere", "Slack gives no content for feeds.opml."),
    ],
)
async def test_a_file_that_cannot_be_fetched_is_told_of_in_the_form(slack, desk, trouble, told):
    content = b"x" * (MOST_BYTES + 1) if trouble in {"large", "swollen"} else b"<opml/>"
    async with listening(slack, desk):
        quint = slack.person("U1")
        opened = await quint.types("/news", "import")
        (label,) = opened.modal.inputs
        spoil(slack, opened.modal, trouble)
        sight = await quint.submits({label: ("feeds.opml", content)}, until=lambda seen: seen.errors)
    assert sight.errors["file"].startswith(told)
    assert desk.said == []
    if trouble in {"large", "elsewhere"}:
        assert slack.calls("files.download") == []


def spoil(slack, modal, trouble):
    deliver = slack.deliver

    async def changed(team, kind, payload, **more):
        for row in payload.get("view", {}).get("state", {}).get("values", {}).get("file", {}).values():
            (file,) = row["files"]
            if trouble == "swollen":
                file["size"] = 1
            if trouble == "elsewhere":
                file["url_private_download"] = "https://files.slack.com.evil.example/x"
        return await deliver(team, kind, payload, **more)

    match trouble:
        case "scope":
            slack.team("T1").scopes = tuple(s for s in slack.team("T1").scopes if s != "files:read")
        case "gone":
            slack.faults.next(broken(404), when=calling("files.download"))
        case "cut":
            slack.faults.next(cut(), times=9, when=calling("files.download"))
        case _:
            slack.deliver = changed


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.opml", True),
        ("https://slack.com/x", True),
        ("http://127.0.0.1:9/files-pri/x", True),
        ("http://127.0.0.1:8/files-pri/x", False),
        ("http://files.slack.com/x", False),
        ("https://files.slack.com:8443/x", False),
        ("https://slack.com@evil.example/x", False),
        ("https://evil.example\\.slack.com/x", False),
        ("https://user@files.slack.com/x", False),
        ("https://evilslack.com/x", False),
        ("https://files.slack.com.evil.example/x", False),
        ("", False),
        ("file:///etc/passwd", False),
    ],
)
def test_the_token_goes_to_slacks_own_hosts_only(url, ours):
    assert is_slacks(url, "http://127.0.0.1:9/api/") is ours


# ---------------------------------------------------------------- pure


def test_a_slack_of_its_own_has_hosts_of_its_own():
    gov = "https://slack-gov.com/api/"
    assert is_slacks("https://files.slack-gov.com/x", gov)
    assert not is_slacks("https://files.slack-gov.com/x", "https://slack.com/api/")


def test_every_kind_of_field_is_taken_by_slack():
    fields = (
        Field("line", "Line", hint="A hint", required=False),
        Field("text", "Text", "text", "x" * 4000),
        Field("in", "Channels", "channels"),
        Field("who", "Who", "choice", "b", choices=(("a", "A"), ("b", "B" * 100))),
        Field("which", "Which", "choice", choices=tuple((str(n), "x") for n in range(120))),
        Field("file", "File", "file"),
    )
    form = Form(
        "A title that is longer than Slack takes", Action("x"), fields, "A button that is far too long"
    )
    view = form_view(form, Origin(Action("x"), "C1", "world", "https://hooks.slack.com/" + "x" * 3000))
    assert view_faults(view) == []
    assert view["blocks"][3]["element"]["initial_option"]["value"] == "b"
    assert Origin.parse(view["private_metadata"]) == Origin(Action("x"), "C1")


def test_what_a_form_remembers_comes_back_whole():
    origin = Origin(Action("edit", ("12",)), "C1", "wörld", "https://hooks.slack.com/x")
    assert Origin.parse(str(origin)) == origin


def test_choices_are_read_by_their_values():
    state = {
        "who": {"value": {"type": "static_select", "selected_option": {"value": "members"}}},
        "none": {"value": {"type": "static_select", "selected_option": None}},
        "line": {"value": {"type": "plain_text_input", "value": None}},
        "odd": {},
    }
    assert filled_in(state, "T1") == {"who": "members", "line": ""}
