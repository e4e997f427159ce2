"""The lists that newsbot prints in its documentation: data that both engines read, and the only thing they share."""

from bot.domain.text.characters import APOSTROPHES, DASHES, LETTERS, QUOTES
from bot.domain.text.elisions import ELISIONS, ENDINGS
from bot.domain.text.particles import PARTICLES
from bot.domain.text.plurals import IRREGULAR, NEVER

__all__ = [
    "APOSTROPHES",
    "DASHES",
    "ELISIONS",
    "ENDINGS",
    "IRREGULAR",
    "LETTERS",
    "NEVER",
    "PARTICLES",
    "QUOTES",
]
