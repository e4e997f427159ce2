"""Korean particles: what may stand behind a name and is no part of it."""

from __future__ import annotations

from collections.abc import Iterator

_OF_CASE = "이 가 은 는 을 를 의 에 에서 에게 에게서 께 께서 한테 한테서 와 과 랑 이랑 하고 로 으로 로서 으로서 로써 으로써"
_OF_SENSE = "도 만 까지 부터 마저 조차 마다 밖에 뿐 처럼 같이 보다 만큼 대로 나 이나 든지 이든지 라도 이라도 커녕 은커녕 는커녕"
_OF_SAYING = (
    "라고 이라고 라며 이라며 라면서 이라면서 라는 이라는 란 이란 다 이다 입니다 였다 이었다 였던 이었던 며 이며 이고 이자 "
    "지만 이지만 라서 이라서"
)
_TOGETHER = (
    "에는 에도 에만 에선 에서는 에서도 에서만 에서의 에서부터 에게는 에게도 에겐 에게로 께서는 께서도 께선 한테는 한테도 "
    "와는 과는 와도 과도 와의 과의 로는 으로는 론 으론 로도 으로도 로만 으로만 로의 으로의 로부터 으로부터 로부터의 으로부터의 로까지 으로까지 "
    "로서는 으로서는 로서의 으로서의 까지는 까지도 까지만 까지의 부터는 부터의 만은 만이 만을 만의 만으로 뿐만 "
    "보다는 보다도 처럼은 마저도 조차도 밖에는"
)
PARTICLES = frozenset(f"{_OF_CASE} {_OF_SENSE} {_OF_SAYING} {_TOGETHER}".split())
"""Postpositions and endings of the copula, single and combined as they often are."""

_LONGEST = max(map(len, PARTICLES))


def stems(word: str) -> Iterator[str]:
    """Yield what remains of a word without each particle that it may end in, the longest first."""
    for length in range(1, min(_LONGEST, len(word) - 1) + 1):
        if word[-length:] in PARTICLES:
            yield word[:-length]


def is_hangul(char: str) -> bool:
    """Tell a Korean syllable."""
    return "\uac00" <= char <= "\ud7a3"
