"""How a text is read: folded, cut into words, and what else those words may be taken for."""

from bot.domain.text.characters import fold
from bot.domain.text.hints import Hint
from bot.domain.text.layout import BREAK
from bot.domain.text.plurals import counterparts
from bot.domain.text.reading import Words, index_terms, words
from bot.domain.text.readings import Other

__all__ = ["BREAK", "Hint", "Other", "Words", "counterparts", "fold", "index_terms", "words"]
