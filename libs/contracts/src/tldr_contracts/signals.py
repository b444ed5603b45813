"""The signal registry: the only place where a 1 Hz series is named, with who measures it and how people speak of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Scale(StrEnum):
    """What a second's figure is. share: 0..1 of something. count: in the second. level: in a unit. mean: over messages."""

    SHARE = "share"
    COUNT = "count"
    LEVEL = "level"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Words:
    """How a signal is spoken of: a subject, what it does in a title, what a sentence says of it when it rises or falls.

    `{decibels}` stands for the difference, `{pace}` for how many times as much: `suddenly`, `twice as`.
    """

    subject: str
    headline: str
    rising: str
    falling: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """`name` is `<modality>.<field>`. `words`: None where nobody would say it."""

    name: str
    writer: str
    scale: Scale
    unit: str
    words: Words | None

    @property
    def modality(self) -> str:
        """What it was measured in."""
        return self.name.partition(".")[0]

    @property
    def field(self) -> str:
        """The name within its modality."""
        return self.name.partition(".")[2]


OPEN_NAMESPACES: Final = ("external", "model")
"""Modalities whose fields are not registered: telemetry that customers name, and a model's score for each dimension."""


def _picture(field: str, scale: Scale, unit: str, *words: str) -> Signal:
    return Signal(f"video.{field}", "video-analysis", scale, unit, Words(*words))


def _sound(field: str, scale: Scale, unit: str, *words: str) -> Signal:
    return Signal(f"audio.{field}", "video-analysis", scale, unit, Words(*words))


def _chat(field: str, scale: Scale, unit: str, *words: str, writer: str = "chat-sentiment") -> Signal:
    """Chat is the subject; `words` begin with the headline."""
    return Signal(f"chat.{field}", writer, scale, unit, Words("chat", *words) if words else None)


MOTION: Final = _picture("motion", Scale.LEVEL, "luma change", "action", "picks up", "{pace} fast")
ACTIVITY: Final = _picture("activity", Scale.LEVEL, "kbit/s", "picture", "bursts with detail", "{pace} busy")
CUTS: Final = _picture("cuts", Scale.COUNT, "cuts", "cuts", "come fast", "coming fast")
FLASHES: Final = _picture("flashes", Scale.COUNT, "flashes", "picture", "flashes", "flashing")

LOUDNESS: Final = _sound("loudness", Scale.LEVEL, "LUFS", "sound", "swells", "{decibels} dB above normal")
ONSETS: Final = _sound("onsets", Scale.LEVEL, "spectral flux", "sound", "hits hard", "full of sharp hits")
CROWD: Final = _sound("crowd", Scale.LEVEL, "dB", "crowd", "roars", "{decibels} dB above normal")
SPEECH: Final = _sound("speech", Scale.SHARE, "of the second", "talk", "changes", "picking up", "falling silent")

RATE: Final = _chat("rate", Scale.COUNT, "messages", "races", "{pace} fast")
VOICES: Final = _chat("voices", Scale.COUNT, "authors", "fills up", "{pace} crowded")
SENTIMENT: Final = _chat("sentiment", Scale.MEAN, "-1..1", "feels it", "in high spirits", "upset")
HYPE: Final = _chat("hype", Scale.SHARE, "of messages", "hypes", "hyping")
TRIUMPH: Final = _chat("triumph", Scale.SHARE, "of messages", "celebrates", "celebrating")
LAUGHTER: Final = _chat("laughter", Scale.SHARE, "of messages", "laughs", "laughing")
SURPRISE: Final = _chat("surprise", Scale.SHARE, "of messages", "is stunned", "stunned")
EMOTES: Final = _chat("emotes", Scale.SHARE, "of tokens", "floods with emotes", "full of emotes")
BREVITY: Final = _chat("brevity", Scale.SHARE, "of messages", "cries out", "crying out")
SHOUTING: Final = _chat("shouting", Scale.SHARE, "of messages", "shouts", "shouting")
TOKENS: Final = _chat("tokens", Scale.MEAN, "tokens", "reacts", "in short bursts")
DIGITS: Final = _chat("digits", Scale.SHARE, "of messages")  # counts against planned talk, but nobody would say it
MENTIONS: Final = _chat("mentions", Scale.SHARE, "of messages")  # counts against planned talk, but nobody would say it
REPETITION: Final = _chat("repetition", Scale.SHARE, "of messages", "speaks as one", "speaking as one")

# Read from a stream's words by the detector itself.
LEARNED: Final = _chat(
    "learned",
    Scale.LEVEL,
    "log-odds",
    "says its big words",
    "saying what it says at its big moments",
    writer="fusion-detector",
)
CHAT_WORDS: Final = _chat(
    "words",
    Scale.LEVEL,
    "log-odds",
    "uses its big words",
    "saying what it says at such moments",
    writer="fusion-detector",
)

SIGNALS: Final[tuple[Signal, ...]] = (
    *(MOTION, ACTIVITY, CUTS, FLASHES),
    *(LOUDNESS, ONSETS, CROWD, SPEECH),
    *(RATE, VOICES, SENTIMENT, HYPE, TRIUMPH, LAUGHTER, SURPRISE, EMOTES, BREVITY, SHOUTING, TOKENS),
    *(DIGITS, MENTIONS, REPETITION),
    *(LEARNED, CHAT_WORDS),
)
_NAMED: Final = {signal.name: signal for signal in SIGNALS}


def signal_named(name: str) -> Signal | None:
    """The signal of that name; None where the registry has none."""
    return _NAMED.get(name)


def is_known(name: str) -> bool:
    """Whether a series of this name may be published and asked for: registered, or in an open namespace."""
    namespace, _, field = name.partition(".")
    return name in _NAMED or (namespace in OPEN_NAMESPACES and bool(field))


def published_by(writer: str, modality: str = "") -> tuple[Signal, ...]:
    """What a service publishes, in the registry's order."""
    return tuple(signal for signal in SIGNALS if signal.writer == writer and modality in ("", signal.modality))
