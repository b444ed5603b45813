"""HTTP and events: parse, call the use case, render."""
