"""`faqbot health`: whether a running bot is alive."""

from bot.cli.console import Output
from bot.heartbeat import HEALTHY_SECONDS, age_seconds
from bot.settings import Settings


def show_health(settings: Settings, output: Output) -> int:
    """Print how long ago the bot gave a sign of life.

    Returns:
        The exit status: 0 if that was within a minute.
    """
    age = age_seconds(settings.heartbeat_path)
    is_alive = age is not None and age < HEALTHY_SECONDS
    if age is None:
        output.line(f"No bot runs on {settings.data_path}, or it has not reached Telegram yet.")
    else:
        output.line(f"The last sign of life was {age:.0f} s ago.")
    output.json({"alive": is_alive, "age_seconds": None if age is None else round(age, 1)})
    return 0 if is_alive else 1
