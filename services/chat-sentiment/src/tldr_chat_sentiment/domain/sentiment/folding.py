"""Characters that change nothing of what is said are taken out of a text: invisible ones, drowning marks, ornament."""

import re
import unicodedata
from typing import Final

# Variation selectors, skin tones, joiners, and invisible characters that are added to get past duplicate filters; the
# stroke that draws Arabic letters out, and marks for its and Hebrew's vowels, which chat leaves out.
_INVISIBLE = re.compile(
    "[\ufe0e\ufe0f\u200b-\u200f\u2060\u034f\u0640\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0591-\u05bd\u05bf\u05c1\u05c2\u05c7]"
)
_MARK = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
SIGNS: Final = "".join(sign for sign in map(chr, range(0x0900, 0x10A0)) if unicodedata.category(sign) in ("Mn", "Mc"))
"""Vowel signs and tones of Indic scripts, Thai, Lao and Burmese; of one after the other the first counts."""
_REPEATED = re.compile(f"([{SIGNS}])\\1+")
_ORNAMENT = re.compile("[\U0001d400-\U0001d7ff\uff21-\uff3a\uff41-\uff56\uff58-\uff5a]+")  # ｗ laughs


def folded(text: str) -> str:
    """A text that is not ASCII, without them. Accents that belong to letters stay."""
    text = _INVISIBLE.sub("", text)
    if _MARK.search(text):
        text = unicodedata.normalize("NFC", text)
        if _MARK.search(text):  # no letter has these: the text is drowned in them
            text = unicodedata.normalize("NFC", _MARK.sub("", unicodedata.normalize("NFD", text)))
    text = _REPEATED.sub(r"\1", text)
    return _ORNAMENT.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
