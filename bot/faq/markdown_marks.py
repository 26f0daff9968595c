"""Marks that are no part of a question or an answer: numbers, `Q:` and `A:`."""
# ruff: noqa: RUF001 - in other scripts letters and signs look like Latin ones

import re

_QUESTION_WORDS = (
    "question|frage|pregunta|pergunta|domanda|vraag|fråga|pytanie|otázka|вопрос|питання|въпрос"
    "|问题|問題|质问|質問|问|問|질문|سؤال|שאלה"
)
_ANSWER_WORDS = (
    "answer|ans|antwort|respuesta|réponse|resposta|risposta|antwoord|svar|odpowiedź|odpověď"
    "|ответ|відповідь|отговор|回答|答案|答|답변|답|جواب|תשובה"
)
_EMPHASIS = r"(?:\*{1,3}|_{1,3})?"
_COLON = r"[:：]"
_QUESTION = re.compile(
    rf"{_EMPHASIS}(?:"
    # Q alone is plain enough for a full stop or a dash; other languages' letters need a colon.
    rf"(?:q|{_QUESTION_WORDS})[ ]?\#?\d{{0,4}}{_EMPHASIS} ?(?:[:：.)、．]|[-–—|](?=\s))"
    rf"|(?:{_QUESTION_WORDS}) ?\#?\d{{1,4}}{_EMPHASIS}(?=\s)"
    rf"|q\#?\d{{1,4}}{_EMPHASIS}(?=\s)"
    rf"|[fpdвпbз]\d{{0,4}}{_EMPHASIS} ?{_COLON})"
    rf"{_EMPHASIS}(?!$)[\s]*",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    rf"\s*(?:<(?:b|strong)>)?(?P<open>\*{{1,3}}|_{{1,3}})?(?:a|r|о|{_ANSWER_WORDS}) ?\#?\d{{0,4}}"
    r"(?P<inner>\*{1,3}|_{1,3})? ?[:：](?P<outer>(?:\*{1,3}|_{1,3})(?=\s|$))?"
    r"(?:</(?:b|strong)>)?[ \t]*",
    re.IGNORECASE,
)
_BRIEF_ANSWER = re.compile(
    r"\s*(?P<open>\*{1,3}|_{1,3})?a\d{0,4}(?P<inner>\*{1,3}|_{1,3})?(?:[.)]| ?[-–—](?=\s))"
    r"(?P<outer>(?:\*{1,3}|_{1,3})(?=\s|$))?(?=\s)[ \t]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:#?\d{1,4}(?:\.\d{1,3}){0,3}\.? ?(?:[.)）:：、．](?=[^\d])| [-–—](?=\s))"
    r"|[(（\[]\d{1,4}[)）\]]"
    r"|\d{1,3} ?/(?=\s)"
    r"|[一二三四五六七八九十]{1,3} ?[、．.]"
    r"|[ivx]{1,5}[.)](?=\s))\s*",
    re.IGNORECASE,
)
# A dash is a bullet only before a blank: `--verbose` is a name.
_BULLETS = re.compile(r"\A(?:[>»›▶►▸→➤•·\s]|-(?=\s))+")
_BARE_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,3}\s+(?=\S)")


def without_number(title: str) -> str:
    """Drop what counts a question, `1.` or `Q3:`, unless nothing would be left."""
    rest = _BULLETS.sub("", title.strip(), count=1) or title.strip()
    for _ in range(2):  # some write both, `1. Q:`
        match = _NUMBER.match(rest) or _QUESTION.match(rest)
        if not match or not rest[match.end() :].strip():
            break
        rest = rest[match.end() :].strip()
    return rest


def without_bare_number(title: str) -> str:
    """Drop a number that has no sign behind it, `1.2 Which …`."""
    return _BARE_NUMBER.sub("", title, count=1)


def has_bare_number(title: str) -> bool:
    """Tell a title that begins with a number and no sign behind it."""
    return bool(_BARE_NUMBER.match(title))


def has_question_mark(text: str) -> bool:
    """Tell a text that begins with the mark of a question, `Q:`."""
    return bool(_QUESTION.match(text))


def has_answer_mark(text: str, *, brief: bool = False) -> bool:
    """Tell a text that begins with the mark of an answer, `A:`.

    Args:
        text: what may begin with it.
        brief: whether `A.` will do as well, as it does below a question with a mark.
    """
    return bool(_ANSWER.match(text) or (brief and _BRIEF_ANSWER.match(text)))


def without_answer_mark(text: str, *, brief: bool = False) -> str:
    """Drop the mark of an answer, if there is one; bold text that begins with it stays bold."""
    match = _ANSWER.match(text) or (_BRIEF_ANSWER.match(text) if brief else None)
    if not match:
        return text
    rest = text[match.end() :]
    goes_on = match["open"] and not match["inner"] and not match["outer"]
    return f"{match['open']}{rest}" if goes_on else rest
