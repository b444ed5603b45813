"""What a program does that uses the servers of a folder."""
