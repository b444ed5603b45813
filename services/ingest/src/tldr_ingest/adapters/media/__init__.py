"""Picture and sound, read and cut with PyAV."""
