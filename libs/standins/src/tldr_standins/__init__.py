"""Stand-ins for the places where streams are, on this machine, each fault to be switched on.

`hls_origin`: an origin of HLS playlists. `irc_server`: Twitch's chat. `rtmp_publisher`: an encoder.
"""
