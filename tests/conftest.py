"""What all tests share."""

import os

import hypothesis
import pytest

hypothesis.settings.register_profile("default", deadline=None)  # time is no property of a parser
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own settings, keys above all, out of every test."""
    for name in os.environ:
        if name.startswith(("FAQBOT_", "GITHUB_", "OPENAI_", "TELEGRAM_")):
            monkeypatch.delenv(name)
