"""Chat replays: files of the forms that tools write, read in bounded memory."""
