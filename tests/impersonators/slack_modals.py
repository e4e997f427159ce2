"""A modal as it stands before a person, and the texts in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.impersonators.slack_text import read_block


@dataclass(slots=True)
class SlackView:
    """A window; the bot may update it while it is open."""

    id: str
    team: str
    user: str
    view: Mapping[str, Any]
    """As the bot sent it, with ids given to its blocks and inputs."""
    hash: str
    channel: str = ""
    """Where the person acted to whom it was opened."""
    root: str = ""
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    """What stands in red under the fields, by block id."""
    trouble: str = ""
    """What Slack says on top when the app did not answer."""
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was filled in so far."""
    is_open: bool = True

    @property
    def title(self) -> str:
        """Return what stands over the window."""
        return str(self.view["title"]["text"])

    @property
    def callback_id(self) -> str:
        """Return the name that the bot gave it."""
        return str(self.view.get("callback_id", ""))

    @property
    def texts(self) -> list[str]:
        """Return what a person reads in it, fields by their labels."""
        found: list[str] = []
        for block in self.view["blocks"]:
            found += [reading.text for reading in read_block(block)]
            if "label" in block:
                found.append(block["label"]["text"])
        return found

    @property
    def inputs(self) -> dict[str, Mapping[str, Any]]:
        """Return the fields by their labels."""
        return {
            block["label"]["text"]: block for block in self.view["blocks"] if block.get("type") == "input"
        }

    @property
    def values(self) -> dict[str, Any]:
        """Return what stands in the fields of text, by their labels."""
        return {label: block["element"].get("initial_value") for label, block in self.inputs.items()}
