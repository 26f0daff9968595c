"""The text of a file's bytes: what says its encoding, what can be told, and what is refused."""

# ruff: noqa: RUF001 - the letters of many languages are the point

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.decoding import decode, decode_guessing

TABLES = {
    "cp1251": "Вопрос;Ответ\nКак вернуть деньги?;Напишите нам, вернём за три дня.\n",
    "koi8_r": "Вопрос;Ответ\nКак вернуть деньги?;Напишите нам, вернём за три дня.\n",
    "cp1252": "Frage;Antwort\nWann öffnen Sie?;Täglich außer montags – für „alle“.\n",
    "cp1250": "otázka;odpověď\nKdy máte otevřeno?;Každý den kromě pondělí, příští týden zavřeno.\n",
    "cp1253": "ερώτηση,απάντηση\nΠότε είστε ανοιχτά;,Κάθε μέρα εκτός Δευτέρας\n",
    "cp1254": "soru;cevap\nNe zaman açıksınız?;Her gün öğleden sonra, şubat hariç\n",
    "cp1255": "שאלה,תשובה\nמתי אתם פתוחים?,כל יום חוץ משבת\n",
    "cp1256": "سؤال,جواب\nمتى تفتحون؟,كل يوم ما عدا الجمعة\n",
    "cp1257": "klausimas;atsakymas\nKada dirbate?;Kiekvieną dieną, išskyrus šeštadienį, čia ėjęs\n",
    "cp932": "質問,回答\n営業時間は何時ですか？,毎日9時から18時までです。\n",
    "cp949": "질문,답변\n언제 문을 여나요?,매일 아침 9시에 엽니다.\n",
    "gb18030": "问题,答案\n你们什么时候开门？,我们每天九点开门。\n",
    "big5": "問題,答案\n你們什麼時候開門？,我們每天九點開門。\n",
    "mac_roman": "pregunta;respuesta\n¿Cuál es el horario?;De 9 a 1.\n¿Dónde?;En línea, vía web.\n",
}
SPANISH = "pregunta;respuesta\n¿Cuál es el horario?;De 9 a 1. En línea vía web.\n"
FRENCH = "question;réponse\nOù êtes-vous ?;À Paris, près du Père Lachaise – c’est gratuit\n"
POLISH = "pytanie;odpowiedź\nKiedy jesteście otwarci?;Każdego dnia, także w święta i środy\n"


@pytest.mark.parametrize("encoding", TABLES)
def test_the_encoding_of_a_table_in_one_language_is_told_by_its_letters(encoding: str) -> None:
    """What a spreadsheet saved in the encoding of its country comes out as it was typed."""
    decoded = decode_guessing(TABLES[encoding].encode(encoding))
    assert decoded.text == TABLES[encoding]
    assert decoded.guessed


@pytest.mark.parametrize(
    ("text", "encoding"), [(SPANISH, "cp1252"), (FRENCH, "cp1252"), (POLISH, "cp1250")]
)
def test_languages_that_share_letters_are_told_apart(text: str, encoding: str) -> None:
    """One more example of each that a guess by frequency gets wrong."""
    assert decode_guessing(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", TABLES.values())
def test_an_encoding_that_says_what_it_is_is_no_guess(text: str, encoding: str) -> None:
    """UTF-8 and, with its mark, UTF-16 are read by every format."""
    assert decode(text.encode(encoding)) == text
    assert decode_guessing(text.encode(encoding)) == (text, None)


@pytest.mark.parametrize(
    "data",
    [
        b"question,answer\nWhat\x81is\x8d this\xd7?,\xa6x\xbf\xd0y\n",
        bytes(range(256)) * 4,
        "question,answer\nWhat?,\xe9\n".encode("cp1252") + b"\0",
        b"\xff\xfe# Shop",  # begins as UTF-16 does, and is none
        b"\xff\xfeq\0u\0x",  # half a character at the end
    ],
)
def test_what_cannot_be_told_is_refused(data: bytes) -> None:
    """A wrong guess would be shown to people; no guess is told to the admin."""
    with pytest.raises(UnicodeDecodeError):
        decode_guessing(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    """Nothing else happens, whatever the bytes."""
    try:
        decode_guessing(data).text.encode()
    except UnicodeDecodeError:
        return
