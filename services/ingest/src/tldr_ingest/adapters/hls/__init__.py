"""HLS over HTTP: playlists polled, segments fetched side by side and given in order."""
