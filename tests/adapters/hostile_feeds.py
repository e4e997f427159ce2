"""Documents made to exhaust, to open or to overrun whoever reads them."""

from __future__ import annotations

from collections.abc import Iterator

HEAD = '<?xml version="1.0"?>'
CHANNEL = "<title>F</title><link>https://x.example/</link>"


def rss(items: str, doctype: str = "", head: str = CHANNEL) -> bytes:
    return f'{HEAD}{doctype}<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def item(inside: str = "", title: str = "T") -> str:
    return f"<item><title>{title}</title>{inside}</item>"


def broken(document: bytes) -> bytes:
    """Make a document one that only the slow parser reads."""
    return document.replace(b"</channel>", b"<p></channel>")


def attributes(count: int) -> str:
    return " ".join(f'a{number}="1"' for number in range(count))


def laughs() -> str:
    lines = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE rss [<!ENTITY lol0 "lol">{lines}]>'


def entities(address: str) -> Iterator[tuple[str, bytes]]:
    """Yield documents that would have something opened or blown up; `address` is what they would open."""
    yield "billion laughs", rss(item(title="&lol9;"), laughs())
    yield (
        "quadratic blow-up",
        rss(item(title="&a;" * 2000), f'<!DOCTYPE rss [<!ENTITY a "{"A" * 100_000}">]>'),
    )
    yield "many references", rss(item(title="&a;" * 200_000), f'<!DOCTYPE rss [<!ENTITY a "{"A" * 900}">]>')
    yield (
        "many declarations",
        rss(item(), "<!DOCTYPE rss [" + "".join(f'<!ENTITY a{n} "x">' for n in range(20_000)) + "]>"),
    )
    yield "external entity", rss(item(title="&x;"), f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{address}">]>')
    yield (
        "parameter entity",
        rss(item(title="&x;"), f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{address}"> %p; <!ENTITY x "y">]>'),
    )
    yield "external type", rss(item(title="&x;"), f'<!DOCTYPE rss SYSTEM "{address}">')
    yield (
        "inclusion",
        rss(
            f'<item><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{address}" parse="text"/></item>'
        ),
    )
    yield "stylesheet", f'<?xml-stylesheet href="{address}"?>'.encode() + rss(item())[len(HEAD) :]
    yield "an endless type", rss(item(), "<!DOCTYPE rss [" + "<!-- " * 20_000)
    yield "address", address.encode()


def exhausting() -> Iterator[tuple[str, bytes]]:
    """Yield documents that keep a parser busy, well-formed ones and such as only the slow parser takes."""
    for count in (20_000, 200_000):
        yield f"{count} attributes", rss(item(f"<x {attributes(count)}/>"))
        yield f"{count} attributes of the root", f"<rss {attributes(count)}><channel/></rss>".encode()
        yield f"{count} attributes in a broken document", broken(rss(item(f"<x {attributes(count)}/>")))
        yield f"{count} attributes behind a fault", rss(item("<p>") + f"<x {attributes(count)}/>")
    yield "attributes that hold a >", rss(item("<x " + " ".join(f'a{n}=">"' for n in range(50_000)) + "/>"))
    yield "many tags with many attributes", rss(item(f"<x {attributes(400)}/>" * 1000))
    for depth in (100_000, 300_000):
        yield f"{depth} deep", rss(item("<x>" * depth + "</x>" * depth))
        yield f"{depth} deep, never closed", rss(item("<x>" * depth))
        yield f"{depth} deep in the head", rss(item(), head="<x>" * depth + "</x>" * depth)
        yield f"{depth} deep titles", rss("<item>" + "<title>" * depth + "</title>" * depth + "</item>")
    yield "100,000 items", rss("<item><title>a</title></item>" * 100_000)
    yield "100,000 items, broken", broken(rss("<item><title>a</title></item>" * 100_000))
    yield (
        "100,000 entries",
        (
            '<feed xmlns="http://www.w3.org/2005/Atom">'
            + "<entry><title>a</title></entry>" * 100_000
            + "</feed>"
        ).encode(),
    )
    for author in ("a@" + "a." * 32_000 + "!", "(" * 64_000, "a" * 64_000 + "@"):
        for name in ("author", "dc:creator", "managingEditor"):
            yield f"author {author[:3]} in {name}", rss(item(f"<{name}>{author}</{name}>"))
        yield f"author {author[:3]}, broken", broken(rss(item(f"<author>{author}</author>")))
    for name, text in (
        ("style", '<p style="' + "&amp;nbsp;" * 3000 + 'x">'),
        ("spaces in a style", '<p style="' + " " * 60_000 + 'x">'),
        ("comments", "<!-- " * 20_000),
        ("open comments", "&lt;!-- " * 20_000),
        ("divs", "&lt;div&gt;" * 100_000),
        ("angles", "&lt;" * 300_000),
        ("scripts", "&lt;script&gt;" * 40_000),
        ("tables", "&lt;table&gt;&lt;a&gt;" * 30_000),
        ("references", "&amp;#" * 200_000),
    ):
        inside = (
            f"<description>{text}</description>"
            if text[0] == "&"
            else f"<description><![CDATA[{text}]]></description>"
        )
        yield f"{name} in a description", rss(item(inside))
        yield f"{name} in a broken document", broken(rss(item(inside)))
    yield "a long date", rss(item(f"<pubDate>{'1' * 200_000}</pubDate>") * 5)
    yield "dates", rss(item(f"<pubDate>{'Mon, ' * 40}</pubDate>") * 2000)
    yield "ampersands", rss(item(title="&" * 1_000_000))
    yield "sections", rss(item("<![CDATA[" * 50_000))
    yield "instructions", rss(item("<?" * 100_000))
    yield "a tag that never ends", rss("<item " * 200_000)
    yield "null bytes", b"<rss>" + b"\0" * 3_000_000
    yield "brackets", b"[" * 3_000_000
    yield "braces", b'{"a":' * 600_000
    yield (
        "a long number",
        b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": ' + b"1" * 1_000_000 + b"}]}",
    )
    yield "bytes", bytes(range(256)) * 10_000
    yield "one byte too many", b"<?xml version='1.0' encoding='" + b"x" * 1_000_000
