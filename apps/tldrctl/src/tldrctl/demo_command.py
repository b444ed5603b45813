"""`tldrctl demo`: a rendered broadcast over the public API, what was planted against what was found."""

import asyncio
from pathlib import Path
from typing import Any, Literal

from rich.table import Table

from tldr_client import Client
from tldrctl.account import api_key_for
from tldrctl.demo.broadcast import Broadcast, render
from tldrctl.demo.contact_sheet import write_contact_sheet
from tldrctl.demo.report import Comparison, Found, compare
from tldrctl.demo.score_plot import write_score_plot
from tldrctl.meshes import mesh_at
from tldrctl.playing import plays
from tldrctl.receiver import webhook_receiver
from tldrctl.recording import Outcome, Request, follow, save, submit
from tldrctl.screen import clock, console, say, stream_progress

_WANTED, _FALSE_AT_MOST = 4, 2
_WEBHOOK_LIMIT_S = 30


async def run_demo(seed: int, folder: Path, kafka: Literal["tansu", "apache"]) -> int:
    """0 when enough was found, little was false, all clips play and all webhooks verify."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    out = folder / "demo"
    out.mkdir(mode=0o700, exist_ok=True)
    broadcast = await rendered(seed, out)
    async with mesh_at(folder, kafka, allow_loopback=True, progress=say) as url:
        key = await api_key_for(folder, url)
        async with Client(url, key) as client:
            outcome, scores, verified, refused = await _processed(client, broadcast)
    if outcome.stream["state"] != "completed":
        say(f"demo: the stream {outcome.stream['state']}: {outcome.stream['failure']}")
        return 1
    comparison = compare(broadcast.planted, [_found(highlight, outcome) for highlight in outcome.highlights])
    console.print(_table(comparison))
    for row in comparison.rows:
        if row.found:
            say(f"{clock(row.found.start_ms)}  {row.found.title}. {row.found.reason}")
    await asyncio.to_thread(_leave_pictures, comparison, broadcast, scores, out)
    say(f"clips: {save(outcome, broadcast.video.parent / 'clips')}")
    return _verdict(comparison, outcome, verified, refused)


async def rendered(seed: int, out: Path, *, duration_s: int = 180) -> Broadcast:
    """The broadcast of a seed, made where it is not there yet."""
    from rich.progress import Progress

    with Progress(console=console, transient=not console.is_terminal) as bar:
        task = bar.add_task(f"rendering broadcast {seed}", total=1.0)

        def progress(share: float) -> None:
            bar.update(task, completed=share)

        return await asyncio.to_thread(render, seed, out, duration_s=duration_s, progress=progress)


async def _processed(client: Client, broadcast: Broadcast) -> tuple[Outcome, list[float | None], int, int]:
    """The outcome, the score of each second, and how many webhooks verified and how many did not."""
    async with webhook_receiver() as receiver:
        endpoint = await client.call("POST", "/v1/webhook-endpoints", {"url": receiver.url, "description": "demo"})
        receiver.secret = endpoint["secret"]
        try:
            stream_id = await submit(client, Request(broadcast.video, broadcast.chat))
            with stream_progress() as progress:
                outcome = await follow(client, stream_id, progress)
            scores = await client.call("GET", f"/v1/streams/{stream_id}/scores")
            await receiver.wait_for(stream_id, highlights=len(outcome.highlights), limit_s=_WEBHOOK_LIMIT_S)
        finally:
            await client.call("DELETE", f"/v1/webhook-endpoints/{endpoint['id']}")
        mine = [message for message in receiver.messages.values() if message["data"].get("stream_id") == stream_id]
        return outcome, scores["scores"], len(mine), receiver.unverified


def _verdict(comparison: Comparison, outcome: Outcome, verified: int, refused: int) -> int:
    found, false = comparison.count("found"), comparison.count("false")
    planted = found + comparison.count("missed")
    playing = sum(
        plays(outcome.clips[highlight["id"]], highlight["end_ms"] - highlight["start_ms"])
        for highlight in outcome.highlights
        if highlight["id"] in outcome.clips
    )
    expected = len(outcome.highlights) + 1
    say(
        f"demo: {found} of {planted} planted moments, {false} false, {playing} clips play, {verified} webhooks verified"
    )
    problems = [
        (found < _WANTED, f"fewer than {_WANTED} planted moments were found"),
        (false > _FALSE_AT_MOST, f"more than {_FALSE_AT_MOST} are false"),
        (playing < len(outcome.highlights), "a clip does not play"),
        (refused > 0, f"{refused} webhooks do not verify"),
        (verified < expected, f"{expected} webhooks were to come, {verified} came"),
    ]
    for wrong, sentence in problems:
        if wrong:
            say(f"demo: {sentence}")
    return 1 if any(wrong for wrong, _ in problems) else 0


def _leave_pictures(comparison: Comparison, broadcast: Broadcast, scores: list[float | None], out: Path) -> None:
    sheet, plot = out / "contact-sheet.png", out / "score.png"
    write_contact_sheet(comparison, sheet)
    write_score_plot(
        [score if score is not None else float("nan") for score in scores],
        comparison,
        plot,
        distractors=broadcast.distractors,
    )
    say(f"thumbnails: {sheet}")
    say(f"score over time: {plot}")


def _found(highlight: dict[str, Any], outcome: Outcome) -> Found:
    return Found(
        highlight["start_ms"],
        highlight["end_ms"],
        ", ".join(highlight["types"]),
        highlight["confidence"],
        highlight["title"],
        highlight["reason"],
        outcome.thumbnails.get(highlight["id"]),
    )


def _table(comparison: Comparison) -> Table:
    table = Table("", "planted", "found", "IoU", "type", "confidence", title="Planted against found")
    for row in comparison.rows:
        planted = f"{row.planted.kind} {clock(row.planted.start_ms)}–{clock(row.planted.end_ms)}" if row.planted else ""
        found = row.found
        table.add_row(
            row.verdict,
            planted,
            f"{clock(found.start_ms)}–{clock(found.end_ms)}" if found else "",
            f"{row.iou:.2f}" if row.planted and found else "",
            found.type if found else "",
            f"{found.confidence:.2f}" if found else "",
        )
    return table
