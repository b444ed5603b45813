"""Fixtures for tests: embedded servers, fakes, builders."""
