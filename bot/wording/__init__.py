"""The bot's own words: what it says, in which language."""
