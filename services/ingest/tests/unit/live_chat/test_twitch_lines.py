"""What Twitch's lines say."""

import pytest

from tldr_ingest.domain.live_chat.events import LiveChatEvent, LiveMessage, TakenBack, Uncounted
from tldr_ingest.domain.live_chat.irc import IrcLine, irc_line
from tldr_ingest.domain.live_chat.twitch import said, sent_ms

AT = 1_700_000_000_000
TAGS = "@badges=;display-name=Ada;emotes={};id=abc;tmi-sent-ts=1700000000123;user-id=7"
WRITTEN = TAGS + " :ada!ada@ada.tmi.twitch.tv PRIVMSG #room :{}"


def read(line: str) -> LiveChatEvent | None:
    found = irc_line(line.encode())
    assert found is not None
    return said(found, AT)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"PING :tmi.twitch.tv", IrcLine("PING", ("tmi.twitch.tv",))),
        (b":a!a@a JOIN #room", IrcLine("JOIN", ("#room",), "a")),
        (b":srv 001 nick :Welcome, GLHF! : yes", IrcLine("001", ("nick", "Welcome, GLHF! : yes"))),
        (b"@a=1;b=;c :srv X", IrcLine("X", (), "", {"a": "1", "b": "", "c": ""})),
        (rb"@a=x\sy\:z\\\r\n\q :srv X", IrcLine("X", (), "", {"a": "x y;z\\\r\nq"})),
        (b"@a=1 :srv", None),
        (b"", None),
    ],
)
def test_a_line_is_taken_apart(raw: bytes, line: IrcLine | None) -> None:
    assert irc_line(raw) == line


def test_a_message_has_who_what_and_when() -> None:
    found = irc_line(WRITTEN.format("", "hello there").encode())
    assert found is not None
    assert sent_ms(found) == 1_700_000_000_123
    assert said(found, AT) == LiveMessage("abc", AT, "Ada", "hello there", (), "7")


@pytest.mark.parametrize(
    ("emotes", "text", "names"),
    [
        ("25:0-4,12-16/1902:6-10", "Kappa Keepo Kappa", ("Kappa", "Keepo", "Kappa")),
        ("25:3-7", "🎉🎉 Kappa", ("Kappa",)),  # places are code points, not bytes and not UTF-16
        ("25:2-6", "né Kappa"[1:], ("Kappa",)),
        ("25:3-99", "ab Kappa", ()),
        ("emotesv2_a:x-y", "Kappa", ()),
        ("", "Kappa", ()),
    ],
)
def test_emotes_stand_where_their_code_points_are(emotes: str, text: str, names: tuple[str, ...]) -> None:
    found = read(WRITTEN.format(emotes, text))
    assert isinstance(found, LiveMessage)
    assert found.emotes == names


def test_an_action_is_what_was_done() -> None:
    found = read(WRITTEN.format("25:6-10", "\x01ACTION waves Kappa\x01"))
    assert isinstance(found, LiveMessage)
    assert (found.text, found.emotes) == ("waves Kappa", ("Kappa",))


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("@target-msg-id=abc :srv CLEARMSG #room :gone", TakenBack(id="abc")),
        ("@target-user-id=7;ban-duration=600 :srv CLEARCHAT #room :ada", TakenBack(user="7")),
        ("@room-id=1 :srv CLEARCHAT #room", TakenBack(all=True)),
        (":srv CLEARCHAT #room :ada", None),  # without tags it is not known whose
        ("@msg-id=raid :srv USERNOTICE #room", Uncounted()),
        ("@msg-id=resub :srv USERNOTICE #room :still here", Uncounted()),
        ("@msg-id=announcement :srv USERNOTICE #room :read this", Uncounted()),
        ("@room-id=1 :srv ROOMSTATE #room", None),
    ],
)
def test_what_is_no_message_is_none(line: str, event: LiveChatEvent | None) -> None:
    assert read(line) == event


def test_a_message_without_tags_is_known_by_its_sender() -> None:
    assert read(":ada!ada@x PRIVMSG #room :hi") == LiveMessage("", AT, "ada", "hi", (), "ada")
