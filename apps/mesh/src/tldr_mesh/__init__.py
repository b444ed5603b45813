"""All seven services in one process or seven, on embedded servers."""
