"""The command line: each command hands over at once, and says in plain words what happened."""
