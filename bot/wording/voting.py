"""What the bot says to votes, in the 200 characters that a phone shows for a moment."""

from bot.wording.speech import Speech


def thanks(speech: Speech) -> str:
    """Thank for an up-vote."""
    return speech.say("Thank you!")


def sorry_and_more(speech: Speech) -> str:
    """Thank for a down-vote that is followed by other answers."""
    return speech.say("I am sorry. Thank you for telling me.")


def sorry_ask_again(speech: Speech) -> str:
    """Thank for a down-vote where there is nothing else to offer."""
    return speech.say("I am sorry. Please ask me again in other words.")


def taken_back(speech: Speech) -> str:
    """Say that a vote is forgotten."""
    return speech.say("Your vote is taken back.")


def not_yours(speech: Speech) -> str:
    """Say in a group that the vote belongs to somebody else."""
    return speech.say("Only the person who asked can vote. You can ask me, too.")


def too_long_ago(speech: Speech) -> str:
    """Say that a vote comes too late to be noted."""
    return speech.say("Thank you! That answer is too old for me to note it.")
