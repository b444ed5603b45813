"""The command line: process, demo, doctor, dead letters."""
