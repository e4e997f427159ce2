"""How a text is read: folded, cut into words, and what else those words may be taken for."""

from bot.domain.text.characters import fold
from bot.domain.text.plurals import counterparts
from bot.domain.text.words import BREAK, Other, Words, index_terms, words

__all__ = ["BREAK", "Other", "Words", "counterparts", "fold", "index_terms", "words"]
