"""What a person would see of a text once a chat client has rendered it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A clickable place: where it leads and what is shown."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Style:
    """A formatted stretch, such as bold or a quote."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A rendered text: its visible characters and everything in them that is alive."""

    text: str
    mentions: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    styles: tuple[Style, ...] = ()

    def styled(self, kind: str) -> tuple[str, ...]:
        """Return the texts formatted in one way, in order."""
        return tuple(style.text for style in self.styles if style.kind == kind)


def join(*readings: Reading) -> Reading:
    """Return one reading of several parts, each on its own line."""
    return Reading(
        text="\n".join(reading.text for reading in readings),
        mentions=tuple(mention for reading in readings for mention in reading.mentions),
        links=tuple(link for reading in readings for link in reading.links),
        styles=tuple(style for reading in readings for style in reading.styles),
    )
