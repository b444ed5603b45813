"""What the use cases rely on, the same over PostgreSQL and over the memory that unit tests use."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tldr_contracts.ids import RunId, StreamId, new_id
from tldr_gateway.application.accounts.errors import EmailTaken
from tldr_gateway.domain.accounts.api_key import ApiKey, digest_of, new_secret
from tldr_gateway.domain.accounts.networks import network_of
from tldr_gateway.domain.accounts.scopes import ALL_SCOPES, Scope
from tldr_gateway.domain.runs.run import Run, RunState
from tldr_gateway.domain.streams.listing import StreamFilter
from tldr_gateway.domain.streams.live import began
from tldr_gateway.domain.streams.source import (
    ChatFormat,
    ChatSource,
    LiveChat,
    LiveChatKind,
    LiveSettings,
    Push,
    Source,
    SourceKind,
)
from tldr_gateway.domain.streams.stream import Cause, Failure, State, decide
from tldr_gateway.domain.streams.submission import Profile


async def test_a_stream_comes_back_as_it_was_added(ports: Any) -> None:
    upload = ports.upload().object
    chat = ChatSource(ChatFormat.CSV, -1500, upload=upload, media_started_at_ms=1_769_889_600_000)
    stream = ports.stream(chat=chat, metadata={"event": "LAN ☃"}, channel="twitch/example")
    await ports.streams.add(stream)
    assert await ports.streams.get(stream.id) == stream
    assert await ports.streams.lock(stream.id) == stream
    assert await ports.streams.get(StreamId("str_none")) is None
    assert await ports.streams.lock(StreamId("str_none")) is None


async def test_a_live_stream_comes_back_as_it_was_added(ports: Any) -> None:
    source = Source(SourceKind.LIVE, push=Push("5e" * 32), live=LiveSettings(600, 300, 43_200, True, 720))
    chat = LiveChat(LiveChatKind.TWITCH, "some_name")
    stream = ports.stream(source=source, chat=chat, signals=("external.kills",))
    await ports.streams.add(stream)
    assert await ports.streams.get(stream.id) == stream
    await ports.streams.rekey(stream.id, Push("6f" * 32))
    found = await ports.streams.get(stream.id)
    assert found == replace(stream, source=replace(source, push=Push("6f" * 32)))


async def test_what_is_known_of_a_live_source_comes_back(ports: Any) -> None:
    stream, now = ports.stream(source=Source(SourceKind.LIVE)), ports.clock.now()
    await ports.streams.add(stream)
    reason = Failure("source_stalled", "It gives nothing.")
    live = began(now, wall_zero_ms=1_769_889_600_000, wall_uncertainty_ms=500)
    for state in (live, live.interrupted(now, reason, timedelta(minutes=5)), None):
        await ports.streams.sourced(stream.id, state)
        found = await ports.streams.get(stream.id)
        assert found
        assert found.live == state


async def test_a_stream_that_is_retried_knows_nothing_of_its_source(ports: Any) -> None:
    stream = ports.stream(source=Source(SourceKind.LIVE), state=State.FAILED)
    await ports.streams.add(stream)
    await ports.streams.sourced(stream.id, began(ports.clock.now(), wall_zero_ms=1, wall_uncertainty_ms=1))
    await ports.change.retry(stream.id, actor="key_1")
    found = await ports.streams.get(stream.id)
    assert found
    assert (found.state, found.live) == (State.PROCESSING, None)


async def test_live_streams_at_work_are_counted_by_themselves(ports: Any) -> None:
    for source in (Source(SourceKind.LIVE), Source(SourceKind.RECORDING), Source(SourceKind.LIVE)):
        await ports.streams.add(ports.stream(source=source))
    await ports.streams.add(ports.stream(source=Source(SourceKind.LIVE), state=State.COMPLETED))
    assert (await ports.streams.active(), await ports.streams.active(live=True)) == (3, 2)


async def test_what_changes_of_a_stream_is_saved(ports: Any) -> None:
    stream = ports.stream()
    await ports.streams.add(stream)
    later = ports.clock.now() + timedelta(seconds=5)
    gaps = ({"modality": "MODALITY_CHAT", "range": {"start_ms": "0"}, "code": "late", "reason": "It came late."},)
    changed = replace(
        stream,
        state=State.FAILED,
        attempt=2,
        stop_asked=True,
        failure=Failure("stalled", "It stood still."),
        duration_ms=1,
        highlights=2,
        gaps=gaps,
        updated_at=later,
        started_at=later,
        ended_at=later,
    )
    await ports.streams.save(changed)
    assert await ports.streams.get(stream.id) == changed


async def test_a_sign_of_work_never_goes_back_in_time(ports: Any) -> None:
    stream, now = ports.stream(), ports.clock.now()
    await ports.streams.add(stream)
    await ports.streams.save(stream)
    assert await ports.streams.still_since(stream.id, now)
    late = now + timedelta(hours=1)
    await ports.streams.moved(stream.id, late)
    await ports.streams.moved(stream.id, now)
    assert not await ports.streams.still_since(stream.id, now + timedelta(minutes=59))
    assert await ports.streams.still_since(stream.id, late)
    await ports.streams.progressed(stream.id, mark=7, at=late + timedelta(hours=1))
    assert not await ports.streams.still_since(stream.id, late)
    assert not await ports.streams.still_since(StreamId("str_none"), late)
    await ports.streams.moved(StreamId("str_none"), late)


async def test_a_history_is_read_in_pages_and_goes_with_its_stream(ports: Any) -> None:
    stream, now = ports.stream(), ports.clock.now()
    await ports.streams.add(stream)
    asked = [Cause.WORK_STARTED, Cause.RETRY_ASKED, Cause.SETTLED]
    for cause in asked:
        transition = decide(State.PENDING, cause, attempt=1)
        await ports.streams.record(stream.id, transition, attempt=1, at=now, detail="so it was")
    first = await ports.streams.history(stream.id, after=0, limit=2)
    rest = await ports.streams.history(stream.id, after=first[-1].number, limit=2)
    assert [entry.transition.cause for entry in (*first, *rest)] == asked
    assert [entry.transition.applied for entry in (*first, *rest)] == [True, False, True]
    await ports.streams.delete(stream.id)
    assert await ports.streams.get(stream.id) is None
    assert list(await ports.streams.history(stream.id, after=0, limit=2)) == []


async def test_streams_are_listed_newest_first_in_pages(ports: Any) -> None:
    streams = [ports.stream(state=state) for state in (State.PENDING, State.COMPLETED, State.PROCESSING)]
    for stream in streams:
        await ports.streams.add(stream)
    newest, second = await ports.streams.page(StreamFilter(), before=None, limit=2)
    assert [newest, second] == [streams[2], streams[1]]
    assert list(await ports.streams.page(StreamFilter(), before=second.id, limit=2)) == [streams[0]]
    assert list(await ports.streams.page(StreamFilter(State.COMPLETED), before=None, limit=2)) == [streams[1]]
    assert await ports.streams.active() == 2


async def test_a_stream_is_found_by_what_it_has(ports: Any) -> None:
    one, other = ports.stream(title="Cup Final", channel="ours"), ports.stream(title="Final whistle", live_source="5e")
    for stream in (one, other):
        await ports.streams.add(stream)

    async def found(**wanted: Any) -> list[Any]:
        page = await ports.streams.page(StreamFilter(**wanted), before=None, limit=9)
        return [stream.id for stream in page][::-1]

    assert await found(text="FINAL") == [one.id, other.id]
    assert await found(text="final cup") == [one.id]
    assert await found(channel="ours") == [one.id]
    assert await found(kind=one.source.kind) == [one.id, other.id]
    assert await found(created_after=one.created_at, created_before=one.created_at) == []
    await ports.streams.rename(one.id, title="Semi", metadata={"a": "b"})
    assert (await found(text="final"), await found(text="semi")) == ([other.id], [one.id])
    assert (await ports.streams.get(one.id)).metadata == {"a": "b"}
    assert await ports.streams.following("5e") == other.id
    assert await ports.streams.following("5f") is None


async def test_an_upload_is_used_as_often_as_streams_are_submitted_with_it(ports: Any) -> None:
    upload = ports.upload()
    await ports.uploads.add(upload)
    assert await ports.uploads.use(upload.id) == upload
    assert await ports.uploads.use(upload.id) == upload
    await ports.uploads.release([upload.id])
    await ports.uploads.release([upload.id])
    assert await ports.uploads.use(upload.id) == upload
    assert await ports.uploads.use("upl_none") is None


async def test_an_address_registers_once(ports: Any) -> None:
    assert await ports.organizations.get(ports.organization) == await ports.organizations.lock(ports.organization)
    email = f"{new_id('usr')}@example.com"
    await ports.register(email)
    with pytest.raises(EmailTaken):
        await ports.register(email)


async def test_keys_are_listed_until_they_are_revoked(ports: Any) -> None:
    now = ports.clock.now()
    keys = []
    for name in ("one", "two"):
        secret, prefix = new_secret()
        key = ApiKey(new_id("key"), ports.organization, name, prefix, digest_of(secret), ALL_SCOPES, now)
        keys.append(key)
        await ports.keys.add(key)
    assert list(await ports.keys.all()) == keys[::-1]
    assert list(await ports.keys.page(before=None, limit=1)) == keys[1:]
    assert list(await ports.keys.page(before=keys[1].id, limit=5)) == keys[:1]
    assert await ports.keys.revoke(keys[0].id, now)
    assert not await ports.keys.revoke(keys[0].id, now)
    assert not await ports.keys.revoke("key_none", now)
    assert list(await ports.keys.all()) == keys[1:]


async def test_a_key_comes_back_as_it_was_saved(ports: Any) -> None:
    now = ports.clock.now()
    secret, prefix = new_secret()
    key = ApiKey(
        new_id("key"), ports.organization, "one", prefix, digest_of(secret), ALL_SCOPES, now, created_by="key_0"
    )
    await ports.keys.add(key)
    rotated, _ = key.rotated(now, timedelta(hours=1))
    networks = (network_of("203.0.113.0/24"), network_of("2001:db8::/32"))
    changed = replace(rotated, name="other", scopes=frozenset({Scope.ALL_READ}), networks=networks)
    await ports.keys.save(changed)
    assert list(await ports.keys.all()) == [changed]
    await ports.keys.save(ended := replace(changed, replaced=None, networks=()))
    assert list(await ports.keys.all()) == [ended]


async def test_runs_come_back_as_they_were_put_and_wait_until_they_are_settled(ports: Any) -> None:
    stream, now = ports.stream(), ports.clock.now()
    await ports.streams.add(stream)
    pending = Run(RunId(new_id("run")), stream.id, RunState.PENDING, Profile("sports", 2, {"version": 2}), now)
    settled = replace(pending, id=RunId(new_id("run")), state=RunState.COMPLETED, completed_at=now, highlights=3)
    for run in (settled, pending):
        await ports.runs.put(run)
    assert list(await ports.runs.of_stream(stream.id)) == [pending, settled]
    assert await ports.runs.waiting() == 1
    failed = replace(pending, state=RunState.FAILED, failure=Failure("signals_gone", "They are gone."))
    await ports.runs.put(failed)
    assert await ports.runs.get(stream.id, pending.id) == failed
    assert await ports.runs.waiting() == 0
    assert await ports.runs.get(StreamId("str_none"), pending.id) is None


async def test_an_upload_is_promised_until_a_stream_uses_it_or_its_address_is_over(ports: Any) -> None:
    used, open_still, over = ports.upload(), ports.upload(), ports.upload(expires_at=ports.clock.now())
    for upload in (used, open_still, over):
        await ports.uploads.add(upload)
    assert await ports.uploads.promised_bytes(ports.clock.now()) == 2000
    await ports.uploads.use(used.id)
    assert await ports.uploads.promised_bytes(ports.clock.now()) == 1000
    assert {found.id for found in await ports.uploads.get([used.id, over.id, "upl_none"])} == {used.id, over.id}
