"""Apostrophes that part two words: after a shortened article, and before a Turkish ending."""

from __future__ import annotations

_SHORTENED = (
    "l d j m n s t c qu jusqu lorsqu puisqu quoiqu quelqu presqu "  # French, Catalan
    "un all dall dell nell sull coll quell quest bell sant"  # Italian
)
ELISIONS = tuple(_SHORTENED.split())
"""What stands before the apostrophe, folded: l’Iran is l · iran."""

_TURKISH = (
    "in un nin nun da de ta te dan den tan ten ya ye yi yu la le yla yle daki deki taki teki "
    "na ne ni nu nda nde ndan nden ndaki ndeki"
)
ENDINGS = tuple(_TURKISH.split())
"""What stands after it, folded: Erdoğan’ın is erdogan · in. Bare vowels are left out: Sana’a is one word."""
