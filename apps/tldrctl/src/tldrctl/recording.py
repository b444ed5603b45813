"""One recording over the public API: upload, submit, follow, fetch."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tldr_client import Client

_LIMIT_S = 6 * 3600


@dataclass(frozen=True, slots=True)
class Request:
    """What to submit. `chat_start`: when the recording began, for a chat whose times are dates."""

    video: Path
    chat: Path | None = None
    chat_offset_ms: int = 0
    preset: str = "gaming"
    channel: str | None = None
    chat_start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the stream, its highlights, and their files by highlight id."""

    stream: dict[str, Any]
    highlights: list[dict[str, Any]]
    clips: dict[str, bytes]
    thumbnails: dict[str, bytes]
    gaps: list[dict[str, Any]]


Progress = Callable[[dict[str, Any]], None]


async def submit(client: Client, request: Request) -> str:
    """Upload the files and submit the stream; its id."""
    source = {"upload_id": await client.upload(request.video, "media")}
    body: dict[str, Any] = {"title": request.video.name, "source": source, "preset": request.preset}
    if request.channel is not None:
        body["channel"] = request.channel
    if request.chat:
        upload = await client.upload(request.chat, "chat")
        body["chat"] = {"upload_id": upload, "offset_ms": request.chat_offset_ms}
        if request.chat_start is not None:
            body["chat"]["media_started_at"] = request.chat_start.isoformat()
    stream = await client.submit(body)
    return str(stream["id"])


async def follow(client: Client, stream_id: str, progress: Progress) -> Outcome:
    """Wait until the stream has ended, then fetch what it has."""
    stream = await client.wait(stream_id, limit_s=_LIMIT_S, progress=progress)
    highlights = await client.highlights(stream_id)
    gaps = await client.call("GET", f"/v1/streams/{stream_id}/gaps")
    clips = {found["id"]: await client.download(found["clip_url"]) for found in highlights if found["clip_url"]}
    thumbnails = {
        found["id"]: await client.download(found["thumbnail_url"]) for found in highlights if found["thumbnail_url"]
    }
    return Outcome(stream, highlights, clips, thumbnails, gaps["gaps"])


def save(outcome: Outcome, folder: Path) -> Path:
    """Put clips and thumbnails, numbered in order of time, and the highlights as JSON into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, highlight in enumerate(outcome.highlights, start=1):
        stem = folder / f"{number:02d}"
        if clip := outcome.clips.get(highlight["id"]):
            stem.with_suffix(".mp4").write_bytes(clip)
        if picture := outcome.thumbnails.get(highlight["id"]):
            stem.with_suffix(".jpg").write_bytes(picture)
    (folder / "highlights.json").write_text(json.dumps(outcome.highlights, indent=1, ensure_ascii=False))
    return folder
