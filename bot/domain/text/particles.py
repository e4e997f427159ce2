"""Korean particles: what may stand behind a name and is no part of it."""

from __future__ import annotations

from collections.abc import Iterator

_PRINTED = (
    "이 가 은 는 을 를 의 에 에서 에게 에게서 께 께서 한테 한테서 와 과 랑 이랑 하고 "
    "로 으로 로서 으로서 로써 으로써 도 만 까지 부터 마저 조차 처럼 보다 같이 이나 나 든지 이든지 라도 이라도 "
    "라고 이라고 라며 이라며 라는 이라는 란 이란 이다 입니다 이었다 였다 이며 며 이고 이자 "
    "에는 에도 에만 에서는 에서도 에서의 에게는 에게도 께서는 한테는 과의 와의 과는 와는 과도 와도 "
    "으로는 로는 으로도 로도 으로의 로의 으로부터 로부터 까지는 까지도 부터는 까지의 부터의 만의 만은 만이 만을 보다는 보다도"
)
PARTICLES = frozenset(_PRINTED.split())
_LONGEST = max(map(len, PARTICLES))


def stems(word: str) -> Iterator[str]:
    """Yield what remains of a word without each particle that it may end in, the longest first."""
    for length in range(1, min(_LONGEST, len(word) - 1) + 1):
        if word[-length:] in PARTICLES:
            yield word[:-length]


def is_hangul(char: str) -> bool:
    """Tell a Korean syllable."""
    return "\uac00" <= char <= "\ud7a3"
