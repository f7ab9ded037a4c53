"""Stub."""


def check_metadata(text, *, repo_type="model"):
    return [], []
