"""Which subscriptions an article concerns.

    numbering   a text's words, pairs and triples of words as numbers, all at once
    filing      what is filed under numbers: of many numbers the few under which anything is
    runs        the words that somebody watches for, filed under their numbers
    detours     what a text may hold if it is not read word by word
    triggers    what an article must hold before a query is worth asking
    index       every subscription's query

`bot.domain.evaluation` says what a query means. What is here saves asking: it only leaves out what cannot match.
"""

from bot.domain.matching.index import QueryIndex

__all__ = ["QueryIndex"]
