"""The one base of all errors that an operator or an admin can mend."""


class FaqbotError(Exception):
    """Something is wrong outside the program; the message says what, and what to do next.

    It is shown to people as it is, so it holds no secret and needs no traceback.
    """
