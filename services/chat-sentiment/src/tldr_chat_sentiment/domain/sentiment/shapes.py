"""What the shape of a word says: laughter in many languages, cheers and screams, drawn-out letters."""

import re
import unicodedata
from collections.abc import Iterator

from tldr_chat_sentiment.domain.sentiment.folding import SIGNS
from tldr_chat_sentiment.domain.sentiment.senses import HYPE, LAUGHTER, SURPRISE

_LAUGHTER = re.compile(
    r"""
      [bm]?w?a*(?:h+[aeiou]+){2,}h*   # haha, hehehe, hihi, ahahah, bahaha, mwahaha
    | a+(?:h+a+)+h*                   # ahah, aahaha
    | a*(?:j+[aei]+){2,}j*            # jaja, jeje (Spanish)
    | (?:ja|je|ha|he){2,}[a-z]?       # with a slip of the finger
    | k{3,} | (?:ke+){2,}k*w? | k+e+k+w*   # kkk (Portuguese), kekeke, kek, kekw
    | (?:rs){2,}s* | (?:hu+e){2,}(?:hu*)? | (?:ks|sk){2,}k? | (?:wk){2,}w?
    | (?:js){2,}j? | (?:ja)+ja+s* | (?:asd)+f* | (?:xa){2,}
    | l+o+l+(?:o+l+)*[sz]? | l+u+l+(?:u+l+)*w* | (?:o*me+ga)?l+[uo]+l+ | tro+l+o+l+(?:o+l+)*
    | lm+f?a+o+ | ro+fl+ | x+d[xd]* | p?t?m+d+r+ | ptd+r+
    | [5๕]{3,} | (?:ฮ่?า+){2,}ๆ* | ฮ่?า+ๆ+ | (?:[ฮค][ิี]่?){2,}ๆ* | ถ{3,}   # Thai
    | 23{2,} | (?:xi){2,} | [哈呵嘿嘻ㄏ]{2,}   # Chinese
    | h{3,}                           # Chinese and Arabic
    | (?=[^ㅋㅎ]*[ㅋㅎ][^ㅋㅎ]*[ㅋㅎ])[ㅋㅎㄱ]+   # Korean
    | 笑+ | 大?草+原? | ｗ{2,} | わら[wｗ]+ | ハ{2,} | は{3,}   # Japanese
    | [ふフ]{2,} | [へヘ]{3,} | (?:ワロ|わろ)[タスたす][wｗ]*
    | а*(?:х+[аеиоэы]+){2,}х* | (?=.{3})(?=[^х]*х[^х]*х)п?[апх]+   # Cyrillic
    | а?за(?:за)+ | о?р+у{2,} | л+о+л+ | [её]?ржу+
    | (?=[^ه]*ه[^ه]*ه)ه[هاآعيو]+ | (?=[^ہ]*ہ[^ہ]*ہ)ہ[ہا]+ | خ{3,} | ل+و+ل+   # Arabic, Persian, Urdu
    | (?=[^ח]*ח[^ח]*ח)ח[חה]+ | ה{3,} | ל+ו+ל+   # Hebrew
    | α*(?:χ+[αεοι]+){2,}χ*           # Greek
    | (?:[हহஹహಹഹહਹ][SIGNS]*){2,}   # Hindi and its neighbours
    | (?:ख[िी]){2,} | (?:ဟား?){2,} | ဟ{3,}   # Hindi, Burmese
    | (?:ჰ[აეი]+){2,} | (?:հ[աե]+){2,} | [ሀሃሄሂ]{2,}   # Georgian, Armenian, Amharic
    """.replace("SIGNS", SIGNS),
    re.VERBOSE,
)
# In scripts without spaces, and behind words of others that chat writes together.
_LAUGHS_WITHIN = re.compile(r"ㅋ{2,}|ㅎ{2,}|[哈ㄏ]{2,}|ｗ+$|(?<=[^\x00-\x7f])(?:w{2,}|5{3,}|草+|笑)$")
_CHEER = re.compile(
    r"w+o{2,}[ho]*|y+e{3,}[aeshw]*|y+e+s{3,}|y+a{3,}[yshw]*|l+e+t+'?s+g+o{2,}|g+o{3,}(?:a*l+)*|go+a{2,}l+|go+l{3,}|p+o+g{3,}[aeirsuz]*"
    r"|go{3,}|t+o{3,}r+|6{3,}|8{3,}|v+a+m+o{2,}s*|у+р+а{2,}|г+о{2,}л+|ну+ж+|[гґ]о+л{3,}|д+а+в+а{2,}й+|[قگغج]و{2,}ل+|[گق]ل{3,}|ي+ل+ا{2,}|ג+ו{2,}ל+|י+ש{3,}|골{2,}|冲{2,}|ゴ[ーォ]{2,}ル|う?お{3,}|うお+|きた[あー]+"
)
_SCREAM = re.compile(
    r"a{4,}h*|o+h{2,}|o{3,}h*|e{4,}k*|wo+w{2,}|wo{2,}w+|wha{3,}t+|o{2,}m+g+|omg{2,}|о{3,}|а{4,}|え{3,}|あ{4,}|[اآ]{4,}|و+ا{2,}و+|[يی]ا{3,}|و{4,}|อ{4,}|א{4,}|와{3,}|아{4,}|啊{3,}|आ{3,}"
)
_ACCENTS = re.compile("[\u0300-\u0305\u0308-\u036f]")  # those of Latin and Greek; й is a letter of its own
_SMALL_W = re.compile(r"w{3,}")
_LARGE_W = re.compile(r"W{2,}")
_DISTINCT_LETTERS = 4  # "mwahaha", "goaaal": what has more is no shape, and most words are told apart by this alone
_RUN = re.compile(r"(.)\1{2,}")


def has_shape(low: str) -> bool:
    """Whether a word in lower case can have one of the shapes: quick, and never wrongly false."""
    distinct = len(set(low))
    return distinct <= _DISTINCT_LETTERS and distinct < len(low)


def shape_bits(word: str, low: str) -> int:
    """The senses that a word shows by its shape alone; word: without punctuation, capitals as written; low: in lower case."""
    if not has_shape(low):
        return 0
    if not low.isascii():
        low = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", low)))
    if _SMALL_W.fullmatch(word):  # laughter in Japanese; in capitals it is a row of wins
        return LAUGHTER
    if _LARGE_W.fullmatch(word):
        return HYPE
    if _LAUGHTER.fullmatch(low):
        return LAUGHTER
    if _CHEER.fullmatch(low):
        return HYPE
    return HYPE | SURPRISE if _SCREAM.fullmatch(low) else 0


def laughs_within(word: str) -> bool:
    """Whether a word that is not ASCII has laughter in it, written together with other words."""
    return _LAUGHS_WITHIN.search(word) is not None


def shortened(word: str) -> Iterator[str]:
    """A word with drawn-out letters as it may have been meant: runs of three and more become two, then one."""
    if _RUN.search(word):
        yield _RUN.sub(r"\1\1", word)
        yield _RUN.sub(r"\1", word)
