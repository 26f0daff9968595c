"""What people call an entry's properties, in files that were not written for faqbot.

Names are compared without case, accents, spaces and punctuation. A name may say its language, as
in `question_en`, `Answer (de)` or `answerFr`, and may be numbered, as in `alt 2`.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

_SYNONYMS: Mapping[str, str] = {
    "question": (
        "question questions q qs query prompt userquestion questiontext faqquestion frage fragen "
        "pregunta preguntas pergunta perguntas domanda domande vraag vragen fråga frågor spørgsmål "
        "spørsmål kysymys вопрос вопросы питання въпрос pytanie pytania otázka otázky dotaz kérdés "
        "întrebare întrebări pitanje soru sorular ερώτηση سؤال السؤال "
        "שאלה प्रश्न 質問 質問文 問題 问题 提问 질문 pertanyaan câuhỏi คำถาม"
    ),
    "answer": (
        "answer answers a ans acceptedanswer suggestedanswer answertext faqanswer response "
        "responses reply replies antwort antworten respuesta respuestas resposta respostas "
        "risposta risposte réponse réponses antwoord antwoorden svar vastaus ответ ответы "
        "відповідь отговор odpowiedź odpowiedzi odpověď odpovědi odpoveď válasz răspuns răspunsuri "
        "odgovor cevap yan\u0131t απάντηση جواب الجواب إجابة الإجابة "
        "תשובה उत्तर 回答 回答文 答え 答案 解答 回复 답변 대답 jawaban trảlời câutrảlời คำตอบ"
    ),
    "also": (
        "also alternatives alternative alternate alternates alternatequestion alternatequestions "
        "alternativequestion alternativequestions altquestion altquestions questionalt alt alts "
        "variant variants variation variations synonym synonyms phrasing phrasings otherphrasings "
        "alternatephrasings alternativephrasings paraphrase paraphrases similar similarquestion "
        "similarquestions otherquestions otherwordings wordings patterns utterance utterances "
        "trainingphrases auch alternativen varianten alternativfragen alternativas variantes "
        "preguntasalternativas варианты вариантывопроса "
        "類似質問 別の質問 相似问题 类似问题 유사질문"
    ),
    "id": "id key slug qid uid identifier faqid questionid schlüssel kennung ключ",
    "topic": (
        "topic topics category categories section kategorie kategorien bereich thema themen rubrik "
        "tema categoria categoría catégorie rubrique sección sezione seção onderwerp categorie "
        "ämne emne категория раздел тема kategoria kategori カテゴリ カテゴリー 分類 "
        "分类 类别 類別 카테고리 주제 분류"
    ),
    "keywords": (
        "keywords keyword tags tag stichworte stichwörter schlagworte schlagwörter schlüsselwörter "
        "palabrasclave motsclés palavraschave etiquetas ключевыеслова теги キーワード タグ 关键词 "
        "關鍵字 关键字 키워드 태그"
    ),
    "language": (
        "language lang locale inlanguage sprache langue idioma lingua taal язык 言語 语言 언어"
    ),
    "related": (
        "related relatedquestions relatedids seealso sieheauch verwandt voiraussi véasetambién"
    ),
    "audience": "audience zielgruppe",
    "threshold": "threshold schwelle schwellenwert umbral seuil порог しきい値 阈值",
    "valid_from": "validfrom gültigab válidodesde valabledu",
    "valid_until": "validuntil validto validthrough gültigbis válidohasta valablejusqu'au",
    "attachments": "attachments attachment anhang anhänge adjuntos вложения 添付 附件 첨부",
    "aliases": "aliases alias oldids formerids",
    "translations": "translations translation i18n übersetzungen traductions traducciones переводы",
    "enabled": "enabled enable active published aktiv",
    # Names that may mean anything: they count where no plainer one stands.
    "question?": (
        "title name heading header subject label summary problem intent input instruction titel "
        "titre "
        "título titolo überschrift betreff название заголовок 标题 タイトル 제목"
    ),
    "answer?": (
        "text content contents body description desc message solution output completion details "
        "html markdown inhalt beschreibung lösung contenu contenido conteúdo contenuto описание "
        "текст содержание 内容 説明 描述 내용"
    ),
}
# Words that may stand beside "question" and "answer" without changing what is meant.
_FILLERS = "text body content title html markdown md your the our user faq full"
_CODES = (
    "af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy "
    "id is it ja ka kk km kn ko ky lo lt lv mk ml mn mr ms mt my nb ne nl nn no pa pl ps pt "
    "ro ru si sk sl so sq sr sv sw ta te tg th tl tr uk ur uz vi yue zh zu"
)
_LANGUAGE_NAMES: Mapping[str, str] = {
    "ar": "arabic arabisch العربية",
    "cs": "cz czech čeština",
    "de": "ger deu german deutsch allemand alemán немецкий",
    "en": "eng english englisch anglais inglés английский",
    "es": "spa spanish español spanisch espagnol",
    "fr": "fra fre french français französisch francés",
    "he": "hebrew עברית",
    "hi": "hindi हिन्दी",
    "it": "ita italian italiano italienisch",
    "ja": "jp japanese 日本語",
    "ko": "kr korean 한국어",
    "nl": "dutch nederlands niederländisch",
    "pl": "polish polski polnisch",
    "pt": "por portuguese português",
    "ru": "rus russian русский russisch",
    "tr": "turkish türkçe türkisch",
    "uk": "ua ukrainian українська",
    "zh": "cn chinese 中文 汉语",
}
_PART = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-Z])")
_REGION = re.compile(r"[A-Za-z]{2}|[A-Za-z]{4}|[0-9]{3}")
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}|[A-Za-z]{4}|[0-9]{3}))?")


class Role(NamedTuple):
    """What a name means."""

    key: str
    """A property's own name; with ? behind it where the name may mean anything."""
    language: str | None = None


def fold(name: str) -> str:
    """Drop from a name what people write now so, now so."""
    # Twice, as letters in fancy dress become capitals, and some small letters two characters.
    for _ in range(2):
        name = unicodedata.normalize("NFKD", name).casefold()
    decomposed = unicodedata.normalize("NFKD", name)
    letters = (char for char in decomposed if unicodedata.category(char)[0] in "LN")
    return unicodedata.normalize("NFC", "".join(letters))


def language_code(text: str) -> str | None:
    """Give the code of a language, be it written as a code, a tag or a name; None for others."""
    named = _NAMED_LANGUAGES.get(fold(text))
    if named:
        return named
    tag = _TAG.fullmatch(text.strip())
    if not tag or tag[1].lower() not in _LANGUAGES:
        return None
    return tag[1].lower() + (f"-{_region(tag[2])}" if tag[2] else "")


@lru_cache(maxsize=2048)
def role_of(name: str) -> Role | None:
    """Tell what a name means; None where it is nothing that an entry has."""
    if len(name) > _LONGEST:
        return None
    plain = _KEYS.get(fold(name))
    if plain:
        return Role(plain)
    parts = _PART.findall(_CAMEL.sub(" ", name))
    if len(parts) > 1 and parts[-1].isdigit():
        parts = parts[:-1]
    elif parts:
        parts[-1] = parts[-1].rstrip("0123456789") or parts[-1]
    for language, rest in _without_language(parts):
        key = _KEYS.get(fold("".join(rest))) or _filled(rest)
        if key:
            return Role(key, language)
    return None


def _without_language(parts: list[str]) -> list[tuple[str | None, list[str]]]:
    """Give the ways to take the language out of a name, that without one first."""
    ways: list[tuple[str | None, list[str]]] = [(None, parts)]
    if len(parts) > 2 and _REGION.fullmatch(parts[-1]):  # noqa: PLR2004 - a name and a tag of two
        ways.append((language_code("-".join(parts[-2:])), parts[:-2]))
    if len(parts) > 1:
        ways.append((language_code(parts[-1]), parts[:-1]))
        ways.append((language_code(parts[0]), parts[1:]))
    return [(language, rest) for language, rest in ways if language or rest is parts]


def _filled(parts: list[str]) -> str | None:
    """Find the one name among words that say nothing."""
    telling = [part for part in map(fold, parts) if part not in _SILENT]
    key = _KEYS.get(telling[0]) if len(telling) == 1 and len(telling[0]) > 1 else None
    return key if key in {"question", "answer"} else None


def _region(text: str) -> str:
    return text.title() if len(text) == len("Hant") else text.upper()


_LONGEST = 60
_SILENT = frozenset(_FILLERS.split())
_LANGUAGES = frozenset(_CODES.split())
_KEYS = {fold(name): key for key, names in _SYNONYMS.items() for name in names.split()}
_NAMED_LANGUAGES = {
    fold(name): code for code, names in _LANGUAGE_NAMES.items() for name in names.split()
}
