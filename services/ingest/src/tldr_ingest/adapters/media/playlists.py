"""Playlists are no files of media: what they name is read by another reader."""

PLAYLIST_HEAD = b"#EXTM3U"


class PlaylistFound(Exception):
    """The address leads to an HLS playlist."""
