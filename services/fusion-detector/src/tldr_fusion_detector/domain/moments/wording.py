"""A title and one sentence for people, made from contributions alone."""

from collections.abc import Callable
from dataclasses import dataclass

from tldr_fusion_detector.domain.scoring.ledger import Contribution, total
from tldr_fusion_detector.domain.signals.signals import modality_of

MOST_CLAUSES = 4
LEAST_SHARE = 0.06  # a signal that gave less of the score than this is not worth a word
_COUNTED = ("twice", "three times", "four times", "five times", "six times", "seven times", "eight times")


@dataclass(frozen=True, slots=True)
class Words:
    """How a signal is spoken of: a subject, what it does in a title, and what the sentence says of it."""

    subject: str
    headline: str
    predicate: Callable[[Contribution], str]


def title_for(contributions: tuple[Contribution, ...], fallback: str) -> str:
    """The two loudest kinds of evidence in a few words: `Crowd roars, chat laughs`."""
    headlines: dict[str, str] = {}
    for contribution in _worth_a_word(contributions):
        words = _words(contribution)
        headlines.setdefault(modality_of(contribution.signal), f"{words.subject} {words.headline}")
    return _capital(", ".join(list(headlines.values())[:2])) or _capital(fallback)


def reason_for(contributions: tuple[Contribution, ...]) -> str:
    """One sentence: `Crowd 14 dB above normal, chat five times as fast, laughing.`

    Clauses stand in order of what they gave; those of one subject stand together and name it once.
    """
    predicates: dict[str, list[str]] = {}
    said = 0
    for contribution in _worth_a_word(contributions):
        words = _words(contribution)
        predicate = words.predicate(contribution)
        known = predicates.setdefault(words.subject, [])
        if predicate not in known and said < MOST_CLAUSES:
            known.append(predicate)
            said += 1
    clauses = [f"{subject} {', '.join(said_of_it)}" for subject, said_of_it in predicates.items() if said_of_it]
    return f"{_capital(', '.join(clauses))}." if clauses else "Several signals rose a little together."


def times_as(ratio: float) -> str:
    """A ratio as people say it: 1.6 -> `half again`, 4.8 -> `five times`."""
    if ratio < 1.75:
        return "half again" if ratio >= 1.35 else "a little"
    whole = round(ratio)
    return _COUNTED[whole - 2] if whole - 2 < len(_COUNTED) else "more than eight times"


def _worth_a_word(contributions: tuple[Contribution, ...]) -> list[Contribution]:
    """Signals that counted and have words, the largest first; a signal of two dimensions is taken once, summed."""
    least = LEAST_SHARE * total(contributions)
    summed: dict[str, float] = {}
    for contribution in contributions:
        summed[contribution.signal] = summed.get(contribution.signal, 0.0) + contribution.amount
    first = {c.signal: c for c in reversed(contributions)}
    ordered = sorted(summed, key=lambda signal: (-summed[signal], signal))
    return [first[name] for name in ordered if summed[name] > max(least, 0.0) and name not in _WORDLESS]


def _decibels(contribution: Contribution) -> str:
    return f"{max(round(contribution.value - contribution.baseline), 1)} dB above normal"


def _times(adjective: str) -> Callable[[Contribution], str]:
    def predicate(contribution: Contribution) -> str:
        if contribution.baseline < 0.02 * contribution.value:
            return f"suddenly {adjective}"
        amount = times_as(contribution.value / contribution.baseline)
        return f"{amount} more {adjective}" if amount == "a little" else f"{amount} as {adjective}"

    return predicate


def _plain(words: str) -> Callable[[Contribution], str]:
    return lambda _: words


def _sentiment(contribution: Contribution) -> str:
    return "in high spirits" if contribution.normalised > 0 else "upset"


def _speech(contribution: Contribution) -> str:
    return "picking up" if contribution.normalised > 0 else "falling silent"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _words(contribution: Contribution) -> Words:
    known = _WORDS.get(contribution.signal)
    if known is not None:
        return known
    name = contribution.signal.partition(".")[2].replace("_", " ") or contribution.signal
    if contribution.signal.startswith("model."):
        return Words(name, "stands out", lambda c: f"rated {round(100 * c.value)} of 100")
    direction = "above" if contribution.normalised > 0 else "below"
    return Words(name, "stands out", _plain(f"far {direction} normal"))


_WORDS = {
    "video.motion": Words("action", "picks up", _times("fast")),
    "video.activity": Words("picture", "bursts with detail", _times("busy")),
    "video.cuts": Words("cuts", "come fast", _plain("coming fast")),
    "video.flashes": Words("picture", "flashes", _plain("flashing")),
    "audio.loudness": Words("sound", "swells", _decibels),
    "audio.crowd": Words("crowd", "roars", _decibels),
    "audio.onsets": Words("sound", "hits hard", _plain("full of sharp hits")),
    "audio.speech": Words("talk", "changes", _speech),
    "chat.rate": Words("chat", "races", _times("fast")),
    "chat.voices": Words("chat", "fills up", _times("crowded")),
    "chat.sentiment": Words("chat", "feels it", _sentiment),
    "chat.hype": Words("chat", "hypes", _plain("hyping")),
    "chat.triumph": Words("chat", "celebrates", _plain("celebrating")),
    "chat.brevity": Words("chat", "cries out", _plain("crying out")),
    "chat.learned": Words("chat", "says its big words", _plain("saying what it says at its big moments")),
    "chat.words": Words("chat", "uses its big words", _plain("saying what it says at such moments")),
    "chat.laughter": Words("chat", "laughs", _plain("laughing")),
    "chat.surprise": Words("chat", "is stunned", _plain("stunned")),
    "chat.emotes": Words("chat", "floods with emotes", _plain("full of emotes")),
    "chat.shouting": Words("chat", "shouts", _plain("shouting")),
    "chat.tokens": Words("chat", "reacts", _plain("in short bursts")),
    "chat.repetition": Words("chat", "speaks as one", _plain("speaking as one")),
}
# They count against planned talk, or are no signal, but nobody would say them.
_WORDLESS = frozenset({"chat.digits", "chat.mentions", "trained.base"})
