"""Settings as operators write them: config.toml, the environment, and what is said when they are wrong."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_network

import pytest

from bot import __version__
from bot.config import Config, encryption_key, load
from bot.domain.model import ChannelAddress, Origin
from bot.errors import ConfigError

BBC = """
[[feeds]]
name = "BBC"
url = "https://feeds.bbci.co.uk/news/rss.xml"
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        file = tmp_path / "config.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def faults(write):
    """Say what is wrong with a text, without the name of the file."""

    def faults(text, **environ):
        file = write(text)
        with pytest.raises(ConfigError) as caught:
            load(file, environ)
        return str(caught.value).replace(f"{file}, ", "").splitlines()

    return faults


def test_an_empty_file_gives_the_defaults(write):
    config = load(write(""), {})
    assert config.polling.interval == timedelta(minutes=5)
    assert config.alerts.max_age == timedelta(hours=48)
    assert config.retention.rules.articles_s == 90 * 86400
    assert config.feeds == config.subscriptions == ()


def test_without_a_file_the_defaults_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = load(None, {})
    assert config.file is None
    assert config.store.file == tmp_path / "newsbot.db"


def test_the_environment_names_the_file(write):
    file = write('[log]\nlevel = "debug"')
    config = load(None, {"NEWSBOT_CONFIG": str(file)})
    assert config.log.level == "debug"
    assert config.file == file


def test_the_file_in_this_folder_is_found_by_itself(write, monkeypatch):
    monkeypatch.chdir(write('[log]\nlevel = "debug"').parent)
    assert load(None, {}).log.level == "debug"


def test_a_file_that_was_asked_for_must_be_there(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.toml cannot be read: no such file"):
        load(tmp_path / "nowhere.toml", {})


def test_the_database_stands_beside_the_file_wherever_newsbot_is_started(write, monkeypatch):
    file = write('[store]\nurl = "sqlite:///data/news.db"')
    monkeypatch.chdir("/")
    assert load(file, {}).store.file == file.parent / "data/news.db"


def test_an_absolute_database_path_stays(write):
    assert str(load(write('[store]\nurl = "sqlite:////data/news.db"'), {}).store.file) == "/data/news.db"


def test_a_database_server_has_no_file(write):
    assert load(write(""), {"NEWSBOT__STORE__URL": "postgresql://u:p@h/newsbot"}).store.file is None


def test_feeds_and_subscriptions_become_rows_of_the_file(write):
    config = load(
        write(
            BBC + 'interval = "1h 30m"\nworkspaces = ["slack:T1", "console"]\n'
            '[[subscriptions]]\nname = "Kim"\nchannel = "slack:T1/C2"\nquery = "Kim Jong Un, summit"\nfeeds = ["BBC"]\n'
        ),
        {},
    )
    (feed,) = config.feed_rows
    assert (feed.name, feed.kind, feed.origin, feed.interval_s) == ("BBC", "feed", Origin.FILE, 5400.0)
    assert feed.workspaces == (("slack", "T1"), ("console", "local"))
    (subscription,) = config.subscription_rows
    assert subscription.channel == ChannelAddress("slack", "T1", "C2")
    assert (subscription.query, subscription.feeds) == ("Kim Jong Un, summit", ("BBC",))


def test_the_environment_overrides_the_file(write):
    config = load(
        write('[polling]\ninterval = "5m"'),
        {
            "NEWSBOT__POLLING__INTERVAL": "90s",
            "NEWSBOT__POLLING__CONCURRENCY": "8",
            "NEWSBOT__POLLING__ALLOW_NETWORKS": "127.0.0.0/8, ::1",
            "NEWSBOT__CHAT__SLACK__BASE_URL": "http://127.0.0.1:9999/api",
        },
    )
    assert config.polling.interval == timedelta(seconds=90)
    assert config.polling.concurrency == 8
    assert config.polling.allow_networks == (ip_network("127.0.0.0/8"), ip_network("::1"))
    assert config.chat.slack.base_url == "http://127.0.0.1:9999/api/"


def test_an_empty_variable_sets_nothing(write):
    assert load(write('[log]\nlevel = "debug"'), {"NEWSBOT__LOG__LEVEL": ""}).log.level == "debug"


def test_an_unknown_setting_is_refused_with_its_line_and_a_suggestion(faults):
    text = "# feeds\n" + BBC + BBC.replace("BBC", "B").replace('url = "', 'urll = 1\nurl = "')
    assert faults(text) == ["line 9: feeds[2].urll is not a setting. Did you mean url?"]


def test_a_setting_in_the_wrong_section_is_pointed_home(faults):
    assert faults('[polling]\nmax_age = "2d"') == [
        "line 2: polling.max_age is not a setting. Did you mean alerts.max_age?"
    ]


def test_an_unknown_section_is_called_one(faults):
    assert faults("[poling]\njitter = 0.5") == ["line 1: poling is not a section. Did you mean polling?"]


def test_something_unlike_any_setting_gets_no_suggestion(faults):
    assert faults("xyzzy = 1") == ["line 1: xyzzy is not a setting."]


def test_an_unknown_variable_is_refused_in_its_own_spelling(faults):
    (line,) = faults("", NEWSBOT__POLLING__INTERVALL="5m")
    assert line == (
        "NEWSBOT__POLLING__INTERVALL in the environment: polling.intervall is not a setting."
        " Did you mean NEWSBOT__POLLING__INTERVAL?"
    )


@pytest.mark.parametrize(
    ("variable", "said", "meant"),
    [
        ("NEWSBOT__POLING__JITTER", "poling is not a section.", "NEWSBOT__POLLING__JITTER"),
        ("NEWSBOT__PARSERS", "parsers is not a setting.", "NEWSBOT__POLLING__PARSERS"),
    ],
)
def test_a_variable_in_the_wrong_section_is_put_into_the_right_one(faults, variable, said, meant):
    assert faults("", **{variable: "2"}) == [f"{variable} in the environment: {said} Did you mean {meant}?"]


LENGTH = 'a length of time, like "30s", "5m", "48h" or "90d"'


def test_every_fault_is_said_at_once_in_the_order_of_the_file(faults):
    said = faults(
        '[polling]\njitter = 2\nconcurrency = "many"\n[log]\nlevel = "loud"', NEWSBOT__ALERTS__MAX_AGE="old"
    )
    assert said == [
        f"NEWSBOT__ALERTS__MAX_AGE in the environment: alerts.max_age should be {LENGTH}, not “old”.",
        "line 2: polling.jitter should be at most 1, not 2.",
        "line 3: polling.concurrency should be a whole number, not “many”.",
        "line 5: log.level should be 'debug', 'info', 'warning' or 'error', not “loud”.",
    ]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "[polling]\ninterval = 300",
            'should be a length of time with its unit: "300s", "300m", "300h" or "300d".',
        ),
        ('[polling]\nmax_bytes = "huge"', 'should be a size, like "5 MB", not “huge”.'),
        ("[polling]\nmax_bytes = true", 'should be a size, like "5 MB", not true.'),
        ("[polling]\nmax_bytes = 1", "should be at least 10000, not 1."),
        ('[polling]\ntimeout = "0s"', "polling.timeout should be more than nothing."),
        ('[polling]\nmin_interval = "2d"', "polling: min_interval is longer than max_interval."),
        ("[polling]\nconcurrency = 1.5", "should be a whole number, not 1.5."),
        (
            '[polling]\nallow_networks = ["lan"]',
            'should be a network, like "10.0.0.0/8" or "::1", not “lan”.',
        ),
        ("[polling]\nextra_ports = 8081", "should be a list in [brackets], not 8081."),
        ("[polling]\nextra_ports = [99999]", "should be at most 65535, not 99999."),
        ('[polling]\nuser_agent = "a\\r\\nX-Evil: 1"', "should be plain ASCII text without line breaks."),
        ("[polling]\nuser_agent = []", "should be text in quotes, not a list."),
        ('[chat.slack]\nenabled = "perhaps"', "should be true or false, not “perhaps”."),
        (
            '[chat.slack]\nbase_url = "slack"',
            'should be a web address, like "https://slack.com/api/", not “slack”.',
        ),
        ("polling = 5", "should be a section, not 5."),
        ('[store]\nurl = "mysql://x/y"', 'should be the address of a database, like "sqlite:///newsbot.db".'),
        (
            '[store]\nurl = "sqlite:///:memory:"',
            "should be a file: what newsbot remembers must outlive a restart.",
        ),
        (
            '[queue]\nkind = "Rabbit MQ"',
            'should be a name such as "feed", or "module:Class", not “Rabbit MQ”.',
        ),
        (BBC + 'kind = ""', 'should be a name such as "feed", or "module:Class", not “”.'),
        (BBC + 'workspaces = ["T1"]', 'should be a workspace, like "slack:T0123"'),
        (BBC + 'credentials = "user:pass"', "should be the name of an environment variable"),
        ('[[feeds]]\nname = ""\nurl = "https://x.org/"', "should not be empty."),
        ('[[feeds]]\nname = "x"', "feeds[1].url is missing."),
        ('[feeds]\nname = "x"', "feeds: write [[feeds]], in double brackets, above each of them."),
        (
            '[[feeds]]\nname = "x"\nurl = "ftp://x.org/"',
            "feeds[1].url: Feeds are read over http and https only",
        ),
        ('[[subscriptions]]\nname = "x"\nchannel = "#world"\nquery = "x"', "“#world” is not a channel."),
        ('[[subscriptions]]\nname = "x"\nchannel = "console:a"\nquery = ","', "This query is empty."),
        (BBC + BBC, "feeds[2].name: “BBC” is taken (line 3). Names are unique."),
        (
            BBC + '[[subscriptions]]\nname = "x"\nchannel = "console:a"\nquery = "x"\nfeeds = ["BCB"]',
            "subscriptions[1].feeds: there is no feed “BCB” in this file. Did you mean BBC?",
        ),
    ],
)
def test_what_is_wrong_is_said_in_the_readers_words(faults, setting, said):
    (line,) = faults(setting)
    assert said in line
    assert line.startswith("line ")


def test_text_that_is_not_toml_is_refused_with_the_place(faults):
    (line,) = faults("[polling]\ninterval = 5m\n")
    assert line.startswith("line 2: this is not TOML: ")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[log]\nlevel = "debug"\nlevel = "info"\n[polling]\n', "line 3: "),
        ('[log]\nlevel = "debug"\n[polling]\n[log]\nformat = "json"\n', "line 4: "),
        ('feeds = []\n[[feeds]]\nname = "A"\n', "line 2: "),
        ('[log]\nlevel = "debug"\nlevel = "info"', ""),
    ],
)
def test_what_is_set_twice_is_called_that(faults, text, where):
    (line,) = faults(text)
    assert f"{where}here, or just before, something is set that stands further up already (" in line
    assert line.endswith("). Keep one of the two; only [[double brackets]] repeat.")


def test_a_list_under_a_wrong_name_is_found_on_its_first_line(faults):
    (line,) = faults('[log]\nlevel = "info"\n\n[[feed]]\nname = "A"\n\n[[feed]]\nname = "B"\n')
    assert line == "line 4: feed is not a setting. Did you mean feeds?"


def test_a_file_in_another_encoding_is_refused(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes('title = "café"'.encode("latin-1"))
    with pytest.raises(ConfigError, match="not text in UTF-8"):
        load(file, {})


def test_a_byte_order_mark_does_no_harm(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes(b'\xef\xbb\xbf[log]\nlevel = "debug"\n')
    assert load(file, {}).log.level == "debug"


def test_lines_are_found_past_comments_inline_tables_and_long_texts(faults):
    text = '''title = """
[polling]
jitter = 9
"""
[chat]
slack.enabled = 7
discord = { enabled = 8 }
[polling] # here
"jitter" = 9
'''
    assert [line.partition(":")[0] for line in faults(text)] == ["line 1", "line 6", "line 7", "line 9"]


# ---------------------------------------------------------------- secrets


def test_tokens_come_from_the_environment_or_files_and_print_as_stars(write, tmp_path):
    (tmp_path / "discord").write_text("abc.def\n")
    config = load(write(""), {"SLACK_BOT_TOKEN": "xoxb-1-2", "DISCORD_TOKEN_FILE": str(tmp_path / "discord")})
    assert config.secrets.slack_bot_token.get_secret_value() == "xoxb-1-2"
    assert config.secrets.discord_token.get_secret_value() == "abc.def"
    assert set(config.secrets.values()) == {"xoxb-1-2", "abc.def"}
    assert "xoxb" not in repr(config) + str(config) + config.model_dump_json()
    assert "abc.def" not in repr(config) + str(config) + config.model_dump_json()


def test_a_feeds_credentials_come_from_the_variable_that_it_names(write):
    config = load(write(BBC + 'credentials = "BBC_LOGIN"'), {"BBC_LOGIN": "ann:hunter2"})
    assert config.secrets.feeds["BBC_LOGIN"].get_secret_value() == "ann:hunter2"
    assert "hunter2" in config.secrets.values()
    assert "hunter2" not in repr(config)
    assert config.feed_rows[0].credentials == "BBC_LOGIN"


def test_credentials_that_are_not_in_the_environment_are_a_fault(faults):
    assert faults(BBC + 'credentials = "BBC_LOGIN"') == [
        "line 5: feeds[1].credentials: the environment has no BBC_LOGIN (user:password)."
    ]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ('[chat.slack]\ntoken = "xoxb-123456789-abcdefghij"', "SLACK_BOT_TOKEN"),
        ('[chat.discord]\nbot_token = "s3cr3t-value"', "DISCORD_TOKEN"),
        ('[chat.console]\nnote = "xoxb-123456789-abcdefghij"', "SLACK_BOT_TOKEN"),
        (BBC + 'password = "s3cr3t-value"', 'write credentials = "ITS_NAME" here'),
        ('[store]\nurl = "postgresql://bot:s3cr3t-value@db/newsbot"', "NEWSBOT__STORE__URL"),
        ('key = "s3cr3t-value"', "NEWSBOT_KEY"),
    ],
)
def test_a_secret_in_the_file_is_refused_with_the_place_where_it_belongs(faults, text, remedy):
    (line,) = faults(text)
    assert "holds a secret, which has no place in this file" in line
    assert remedy in line
    assert "s3cr3t" not in line
    assert "abcdefghij" not in line


def test_an_address_with_a_password_is_refused_without_repeating_it(faults):
    (line,) = faults('[[feeds]]\nname = "x"\nurl = "https://ann:hunter2@x.org/feed"')
    assert "Leave out what stands before the @" in line
    assert "hunter2" not in line


def test_a_secrets_file_must_be_readable_and_not_empty(faults, tmp_path):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\xff")
    assert faults(
        "",
        SLACK_BOT_TOKEN_FILE=str(tmp_path / "gone"),
        DISCORD_TOKEN_FILE=str(tmp_path / "empty"),
        NEWSBOT_KEY_FILE=str(tmp_path / "binary"),
    ) == [
        f"DISCORD_TOKEN_FILE names {tmp_path}/empty, which is empty.",
        f"NEWSBOT_KEY_FILE names {tmp_path}/binary, which cannot be read: it is not text.",
        f"SLACK_BOT_TOKEN_FILE names {tmp_path}/gone, which cannot be read: no such file or directory.",
    ]


def test_a_secret_given_twice_is_a_fault(faults, tmp_path):
    (line,) = faults("", DISCORD_TOKEN="a", DISCORD_TOKEN_FILE=str(tmp_path / "f"))
    assert line == "DISCORD_TOKEN and DISCORD_TOKEN_FILE are both set in the environment. Keep one of them."


def test_an_empty_variable_is_no_secret(write):
    assert load(write(""), {"DISCORD_TOKEN": " "}).secrets.discord_token is None


def test_a_key_is_made_beside_the_database_once_and_only_its_owner_reads_it(write):
    config = load(write(""), {})
    key = encryption_key(config).get_secret_value()
    file = config.store.file.with_name("newsbot.db.key")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert encryption_key(config).get_secret_value() == key == file.read_text().strip()
    assert len(key) == 44
    assert [found.name for found in file.parent.iterdir() if "key" in found.name] == ["newsbot.db.key"]


def test_each_of_several_keys_is_kept_out_of_the_log(write):
    new, old = "n" * 43 + "=", "o" * 43 + "="
    assert {new, old} <= set(load(write(""), {"NEWSBOT_KEY": f"{new},{old}"}).secrets.values())


@pytest.mark.parametrize("key", ["short", "é" * 44, "k" * 44, "k" * 43 + "=,short"])
def test_a_key_that_is_none_is_said_at_once_and_not_shown(faults, key):
    assert faults("", NEWSBOT_KEY=key) == [
        "NEWSBOT_KEY is not a key: it should be 32 random bytes in URL-safe base64 (44 characters)."
    ]


def test_programs_that_start_together_use_one_key(write):
    config = load(write(""), {})
    with ThreadPoolExecutor(8) as together:
        keys = {key.get_secret_value() for key in together.map(encryption_key, [config] * 32)}
    assert len(keys) == 1
    assert [file.name for file in config.store.file.parent.glob("*.key*")] == ["newsbot.db.key"]


def test_a_key_from_the_environment_makes_no_file(write):
    config = load(write(""), {"NEWSBOT_KEY": "k" * 43 + "="})
    assert encryption_key(config).get_secret_value() == "k" * 43 + "="
    assert not config.store.file.with_name("newsbot.db.key").exists()


def test_a_database_server_needs_the_key_from_the_environment(write):
    assert encryption_key(load(write(""), {"NEWSBOT__STORE__URL": "postgresql://h/newsbot"})) is None


def test_a_key_file_that_cannot_be_used_is_named(write):
    config = load(write(""), {})
    config.store.file.with_name("newsbot.db.key").mkdir()
    with pytest.raises(
        ConfigError,
        match=r"newsbot\.db\.key, which keeps the passwords of feeds safe, cannot be read or made: .+ Give the user",
    ):
        encryption_key(config)


def test_a_folder_for_the_database_must_be_there(write):
    config = load(write('[store]\nurl = "sqlite:///missing/news.db"'), {})
    with pytest.raises(ConfigError, match=r"There is no folder .*/missing for the database"):
        encryption_key(config)


# ---------------------------------------------------------------- what others make of it


def test_a_config_can_be_made_without_a_file():
    wanted = Config(polling={"allow_networks": [ip_network("127.0.0.0/8")], "timeout": timedelta(seconds=3)})
    assert wanted.polling.allow_networks == (ip_network("127.0.0.0/8"),)
    assert wanted.polling.timeout == timedelta(seconds=3)
    (feed,) = Config(
        feeds=[{"name": "x", "url": "https://x.org/", "workspaces": [("slack", "T1")]}]
    ).feed_rows
    assert feed.workspaces == (("slack", "T1"),)


def test_the_user_agent_names_version_and_contact():
    config = Config(polling={"contact": "https://desk.example/newsbot"})
    assert config.polling.full_user_agent == f"newsbot/{__version__} (+https://desk.example/newsbot)"
    assert Config().polling.full_user_agent == f"newsbot/{__version__}"
