"""Where an ordeal takes place: six papers, and a Slack and a Discord with one channel for every topic."""

from pathlib import Path

from tests.impersonators.newsstand_apart import StandApart
from tests.impersonators.papers import Kind
from tests.impersonators.process import DISCORD_TOKEN, SLACK_TOKEN, Apart

TOPICS = (
    "amber birch cedar drum ember fjord glacier harbour island jasmine kettle lantern maple nectar orchid "
    "pepper quartz river saffron timber umbrella violet walnut xylophone yarrow zephyr anchor bridge cobalt delta"
).split()
"""One channel of each platform for every topic: so many that the pace of one channel holds nobody up."""
PAPERS: dict[str, Kind] = {
    "/north.xml": "rss",
    "/south.xml": "rss",
    "/east.atom": "atom",
    "/west.atom": "atom",
    "/city.json": "json",
    "/coast.json": "json",
}


def world() -> dict[str, object]:
    """Describe a Slack and a Discord with one channel for every topic."""
    slack = [{"id": f"C{100 + place}", "name": topic} for place, topic in enumerate(TOPICS)]
    discord = [{"id": 200 + place, "name": topic} for place, topic in enumerate(TOPICS)]
    return {
        "slack": [{"id": "T1", "name": "Foreign desk", "token": SLACK_TOKEN, "channels": slack}],
        "discord": {
            "bots": [{"id": 1000, "token": DISCORD_TOKEN}],
            "guilds": [{"id": 10, "name": "Foreign desk", "channels": discord}],
        },
    }


def channel_of(platform: str, topic: str) -> str:
    place = TOPICS.index(topic)
    return f"C{100 + place}" if platform == "slack" else str(200 + place)


def write_config(folder: Path, platforms: Apart, stand: StandApart) -> Path:
    """Write what an operator would have written to post every topic to its channels."""
    lines = [
        "[polling]",
        'interval = "500ms"\nmin_interval = "500ms"\nmax_interval = "2s"\nper_host_gap = "0s"\nper_host_in_flight = 6',
        f'allow_networks = ["127.0.0.0/8"]\nextra_ports = [{stand.port}]',
        "[alerts]",
        'gather = "500ms"',
        "[delivery]",
        'claim = "8s"\nworkers = 16',
        "[log]",
        'format = "json"',
        "[chat.console]",
        "enabled = false",
        f'[chat.slack]\nbase_url = "{platforms.slack_url}"',
        f'[chat.discord]\nbase_url = "{platforms.discord_url}"\ngateway_url = "{platforms.discord_gateway}"',
    ]
    lines += [f'[[feeds]]\nname = "{path}"\nurl = "{stand.url(path)}"' for path in PAPERS]
    for platform, workspace in (("slack", "T1"), ("discord", "10")):
        lines += [
            f'[[subscriptions]]\nname = "{platform} {topic}"\nquery = "{topic}"\n'
            f'channel = "{platform}:{workspace}/{channel_of(platform, topic)}"'
            for topic in TOPICS
        ]
    file = folder / "config.toml"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file
