"""What a title says of the text below it: a question, a whole FAQ, a table of contents."""
# ruff: noqa: RUF001 - in other scripts letters and signs look like Latin ones

import re

from bot.faq.draft import MAX_QUESTION

_ASKS = re.compile(r"[?？؟⸮՞](?=\W*$|[\s(（\[])")
_GREEK_ASKS = re.compile(r"[\u0370-\u03ff];\W*$")
# How questions begin, or end, whose authors leave the question mark out.
_BEGINNINGS = (
    "how what why when where who whose which can could do does did is are am should will would may"
    " has have was were|"
    "wie warum wieso weshalb wann wo woher wohin wer wen wem welche welcher welches kann können"
    " darf muss|"
    "cómo qué cuándo dónde quién cuál cuáles cuánto puedo|"
    "comment pourquoi quand où qui quel quelle quels quelles combien puis-je est-ce|"
    "quando onde quem qual quais quanto posso|come cosa perché dove chi quale quali|"
    "как какой какая какое какие что почему зачем где куда откуда когда кто сколько можно|"
    "як чому де коли хто скільки чи"
)
_BEGINS = re.compile(rf"(?:{'|'.join(_BEGINNINGS.replace('|', ' ').split())})\b", re.IGNORECASE)
_CHINESE = re.compile(
    r"如何|怎[么麼样樣]|[为為][什何]|什[么麼]|是否|哪|能否|能不能|可不可以|[吗嗎呢]$"
)
_JAPANESE_OR_KOREAN = re.compile(
    r"[でまし]すか|でしょうか|なぜ|どう(?:し|す|や)|나요|까요|인가요|습니까"
)

_FAQ = re.compile(
    "|".join(  # noqa: FLY002 - one language a line
        (
            r"\bf\.?a\.?q\.?'?s?\b",
            r"\bq ?(?:&|and|\+|/) ?as?\b",
            r"\bfrequent(?:ly)? (?:asked )?questions",
            r"\bcommon(?:ly asked)? questions",
            r"\bquestions (?:and|&) answers",
            r"\bhäufig(?:e|ste| gestellte) fragen",
            r"\bfragen (?:und|&) antworten",
            r"\bpreguntas (?:más )?(?:frecuentes|comunes)",
            r"\bpreguntas y respuestas",
            r"\bfoire aux questions",
            r"\bquestions (?:les plus )?(?:fréquentes|fréquemment posées|courantes)",
            r"\bquestions et réponses",
            r"\b(?:perguntas|dúvidas) (?:mais )?(?:frequentes|comuns)",
            r"\bperguntas e respostas",
            r"\bdomande (?:più )?(?:frequenti|comuni)",
            r"\bdomande e risposte",
            r"\bveel ?gestelde vragen",
            r"\bvanliga frågor|\bvanlige spørsmål|\bofte stilte spørsmål|\bofte stillede spørgsmål",
            r"\busein kysyt",
            r"\bzadawane pytania|\bpytania i odpowiedzi",
            r"\b[čč]ast[oé] (?:kladen[ée] )?(?:dotazy|otázky)",
            r"\bgyakori kérdések|\bgyakran ismételt kérdések",
            r"\bîntrebări frecvente",
            r"\bчасто зада\w+ \w+|\bчаст(?:ые|і) \w*(?:вопрос|питан)|\bпоширені (?:за)?питання",
            r"\bвопрос\w* ?(?:и|-|—|–|/) ?ответ|\bпитання (?:та|і|й) відповіді|\bчаво\b",
            r"\bвъпроси и отговори",
            r"\bs[ıi]k(?:ça)? sorulan sorular",
            r"\bσυχνές ερωτήσεις",
            r"\bcâu hỏi thường gặp",
            r"\bpertanyaan (?:umum|yang sering)",
            r"常[见見][问問][题題答]|[问問]与答|[问問]題集|よくある(?:ご)?質問|자주 ?묻는 ?질문",
            r"(?:ال)?أسئلة (?:ال)?(?:شائعة|متكررة)|سوالات متداول",
            r"שאלות (?:נפוצות|ותשובות)|अक्सर पूछे",
        )
    )
)
_QUESTIONS = (
    "questions question fragen preguntas perguntas domande vragen вопросы питання 问题 問題 質問"
)
_ONLY_QUESTIONS = frozenset(_QUESTIONS.split())
_MOST_WORDS_OF_A_FAQ = 9

_CONTENTS_TEXT = (
    "contents|content|table of contents|table of content|toc|index|page contents|on this page"
    "|in this article|quick links|quick navigation|navigation|list of questions|question index"
    "|inhalt|inhaltsverzeichnis|übersicht|índice|indice|contenido|contenidos|tabla de contenido"
    "|tabla de contenidos|sommaire|table des matières|sumário|conteúdo|sommario|inhoud"
    "|inhoudsopgave|содержание|оглавление|зміст|съдържание|目录|目錄|目次|목차|spis treści|obsah"
    "|içindekiler|innehåll|innehållsförteckning|indhold|innhold|sisällys|sisällysluettelo"
    "|tartalom|tartalomjegyzék|cuprins|daftar isi|mục lục|المحتويات|فهرس|فهرست|תוכן עניינים"
    "|περιεχόμενα"
)
_CONTENTS = frozenset(_CONTENTS_TEXT.split("|"))
_BACK_TEXT = (
    "back to top|back to the top|back to toc|back to table of contents"
    "|back to the table of contents"
    "|back to contents|back to index|back to faq|go to top|return to top|return to toc|to top|top"
    "|to the top|go up|up|back|jump to top|nach oben|zurück nach oben|zum anfang|volver arriba"
    "|volver al índice|arriba|subir|retour en haut|retour au sommaire|haut de page|voltar ao topo"
    "|topo|torna su|terug naar boven|наверх|вверх|к содержанию|к оглавлению|вернуться к содержанию"
    "|вернуться наверх|в начало|догори|回到顶部|返回顶部|回到目录|返回目录|回到頂部|返回目錄"
    "|トップへ戻る|目次へ戻る|목차로|위로|맨 위로"
)
_BACK = frozenset(_BACK_TEXT.split("|"))
_SPACES = re.compile(r"\s+")


def is_question(title: str) -> bool:
    """Tell a question that says so itself, by its question mark."""
    if len(title) > MAX_QUESTION:
        return False
    return bool(_ASKS.search(title) or _GREEK_ASKS.search(title))


def is_asked(title: str) -> bool:
    """Tell a question, by its mark or by its words."""
    return (
        is_question(title)
        or bool(_BEGINS.match(title))
        or bool(_CHINESE.search(title))
        or bool(_JAPANESE_OR_KOREAN.search(title))
    )


def is_faq(title: str) -> bool:
    """Tell the title of a FAQ, or of a FAQ's part, from the title of anything else."""
    plain = bare(title)
    if plain in _ONLY_QUESTIONS:
        return True
    found = _FAQ.search(plain)
    if not found or len(plain.split()) > _MOST_WORDS_OF_A_FAQ:
        return False
    return not is_question(title) or not _BEGINS.match(plain)


def is_contents_title(title: str) -> bool:
    """Tell the title of a table of contents."""
    return bare(title) in _CONTENTS


def leads_back(text: str) -> bool:
    """Tell the text of a link that only leads back to the top of the page."""
    return bare(text) in _BACK or not any(map(str.isalnum, text))


def bare(title: str) -> str:
    """Give a title for comparison: no signs around it, small letters."""
    text = _SPACES.sub(" ", title.casefold())
    letters = [n for n, char in enumerate(text) if char.isalnum()]
    return text[letters[0] : letters[-1] + 1] if letters else ""
