"""What the shape of a word says: laughter in many languages, cheers and screams, drawn-out letters."""

import re
from collections.abc import Iterator

from tldr_chat_sentiment.domain.senses import HYPE, LAUGHTER, SURPRISE

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
    | lm+f?a+o+ | ro+fl+ | x+d+(?:x*d+)* | p?t?m+d+r+ | ptd+r+
    | 5{3,} | 23{2,} | h{3,}          # Thai, Chinese, Chinese and Arabic
    | [ㅋㅎㄱ]*[ㅋㅎ]{2,}[ㅋㅎㄱ]* | 哈{2,} | 呵{2,} | 嘿{2,} | 笑+ | 草+ | ｗ{2,}
    | а*(?:х+[аеиоэы]+){2,}х* | (?:[ах]*[ах]х[ах]*){2,} | (?:аза){1,}за* | о?р+у{2,} | л+о+л+
    | ه{3,} | ח{3,} | (?:χα){2,}χ?
    """,
    re.VERBOSE,
)
_CHEER = re.compile(
    r"w+o{2,}[ho]*|y+e{3,}[aeshw]*|y+e+s{3,}|y+a{3,}[yshw]*|l+e+t+'?s+g+o{2,}|g+o{3,}(?:a*l+)*|go+a{2,}l+|go+l{3,}|p+o+g{3,}[aeirsuz]*"
    r"|go{3,}|t+o{3,}r+|6{3,}|8{3,}|v+a+m+o{2,}s*|у+р+а{2,}|г+о{2,}л+|ну+ж+|う?お{3,}|うお+|きた[あー]+"
)
_SCREAM = re.compile(
    r"a{4,}h*|o+h{2,}|o{3,}h*|e{4,}k*|wo+w{2,}|wo{2,}w+|wha{3,}t+|o{2,}m+g+|omg{2,}|о{3,}|а{4,}|え{3,}|あ{4,}"
)
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
    if _SMALL_W.fullmatch(word):  # laughter in Japanese; in capitals it is a row of wins
        return LAUGHTER
    if _LARGE_W.fullmatch(word):
        return HYPE
    if _LAUGHTER.fullmatch(low):
        return LAUGHTER
    if _CHEER.fullmatch(low):
        return HYPE
    return HYPE | SURPRISE if _SCREAM.fullmatch(low) else 0


def shortened(word: str) -> Iterator[str]:
    """A word with drawn-out letters as it may have been meant: runs of three and more become two, then one."""
    if _RUN.search(word):
        yield _RUN.sub(r"\1\1", word)
        yield _RUN.sub(r"\1", word)
