"""Messages per second of our sentiment against plain VADER with the same lexicon, equal scores, in one run.

The chat is made up: reactions, laughter, drawn-out cheers, sentences, questions, mentions, about half of the texts
distinct. Both read the same messages once, in order, in turns of blocks so that a noisy machine is unfair to neither;
VADER gets the texts as our reader understood them, prepared beforehand. Our reader starts with nothing remembered.
Run: .venv/bin/python tests/bench/bench_chat.py [MESSAGES]
"""

import random
import sys
from time import process_time

from tldr_chat_sentiment.adapters.text_reader_vader import vocabulary_and_vader
from tldr_chat_sentiment.domain.measuring.measure import measure
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_chat_sentiment.domain.measuring.message import Message
from tldr_chat_sentiment.domain.sentiment.reading import TextReader

SEED = 20
BLOCK = 2_000
PER_SECOND = 25
EMOTES = """PogChamp LUL Kappa KEKW Pog POGGERS OMEGALUL Clap EZ monkaS PepeHands LULW NotLikeThis 4Head
 FeelsBadMan"""
CHEERS = "GG gg WOW LETS nice clean insane HYPE omg wtf NO YES no yes rip W L what clutch wp"
LETTERS = ("no", "so", "go", "lo", "wo", "yes", "omg", "pog", "gooo", "aaa", "lets go", "what", "haha", "xd")
# Commonest first, and drawn so: the n-th about n times more rarely than the first.
WORDS = """the to a i is you he it this that of and in for they on was so what just like no not we be are his team my
 game good if at with but can how do all up one play why don't have now get win him good best map who time
 round would here think about bad need lol see want too fun still go out lose more can't going love really
 stream player know never great very chat back last hate better first call pass only them should funny shot big
 when from luck wait again worst clip sad awesome camera music little boring terrible next cool dumb angry
 happy voice replay lame left smart plan"""
RARITY = [1 / (rank + 3) for rank in range(len(WORDS.split()))]


def made_up_chat(messages: int, seed: int) -> list[str]:
    """Texts as a large stream's chat writes them."""
    rng = random.Random(seed)
    kinds = (_reaction, _cheer, _drawn_out, _sentence, _mention)
    return [rng.choices(kinds, (40, 12, 13, 28, 7))[0](rng) for _ in range(messages)]


def _reaction(rng: random.Random) -> str:
    emotes = EMOTES.split()
    emote = emotes[min(int(rng.expovariate(0.3)), len(emotes) - 1)]
    return " ".join([emote] * min(int(rng.expovariate(0.8)) + 1, 8))


def _cheer(rng: random.Random) -> str:
    return " ".join(rng.choices(CHEERS.split(), k=rng.randint(1, 3))) + rng.choice(("", "", "!", "!!"))


def _drawn_out(rng: random.Random) -> str:
    word = rng.choice(LETTERS)
    drawn = word + word[-1] * rng.randint(1, 9)
    return drawn.upper() if rng.random() < 0.5 else drawn


def _sentence(rng: random.Random) -> str:
    words = rng.choices(WORDS.split(), RARITY, k=rng.randint(2, 11))
    if rng.random() < 0.3:
        words.append(rng.choice(EMOTES.split()))
    text = " ".join(words) + rng.choice(("", "", "", "?", "!", "..."))
    return text.upper() if rng.random() < 0.1 else text


def _mention(rng: random.Random) -> str:
    return f"@viewer_{rng.randrange(3_000)} {_sentence(rng) if rng.random() < 0.7 else _cheer(rng)}"


def main(messages: int) -> None:
    vocabulary, vader = vocabulary_and_vader()
    texts = made_up_chat(messages, SEED)
    preparer = TextReader(vocabulary, vader)
    prepared = [preparer.as_read(text) for text in texts]
    reader = TextReader(vocabulary, vader)
    ours, plain = 0.0, 0.0
    for start in range(0, messages, BLOCK):
        began = process_time()
        scores = [reader.sentiment(text) for text in texts[start : start + BLOCK]]
        switched = process_time()
        expected = [vader.score(text) for text in prepared[start : start + BLOCK]]
        plain += process_time() - switched
        ours += switched - began
        if scores != expected:
            raise SystemExit("the scores differ")
    print(f"{messages} messages, {len(set(texts)) / messages:.0%} distinct, scores equal")
    print(f"plain VADER: {messages / plain:,.0f} messages/s")
    print(f"sentiment:   {messages / ours:,.0f} messages/s")
    print(f"all signals: {_all_signals(TextReader(vocabulary, vader), texts):,.0f} messages/s")
    print(f"all signals, texts seen before: {_all_signals(preparer, texts[:10_000] * 4, warm=True):,.0f} messages/s")
    print(f"ratio: {plain / ours:.2f}")


def _all_signals(reader: TextReader, texts: list[str], warm: bool = False) -> float:
    chat = [Message(1000 * i // PER_SECOND, f"viewer_{i % 997}", text) for i, text in enumerate(texts)]
    end = chat[-1].at_ms // 1000 + 1
    if warm:
        measure(chat, 0, end, ChatMemory(), reader)
    began = process_time()
    measure(chat, 0, end, ChatMemory(), reader)
    return len(chat) / (process_time() - began)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60_000)
