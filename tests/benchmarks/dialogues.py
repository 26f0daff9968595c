"""Two questions in a row to the FAQ that is shipped, of which the second leans on the first."""

from typing import NamedTuple


class Dialogue(NamedTuple):
    """What somebody asks, and asks on."""

    question: str
    follow_up: str
    right: frozenset[str] = frozenset()
    """The ids of the entries that answer it; none where the FAQ has nothing on it."""


def _of(question: str, follow_up: str, *right: str) -> Dialogue:
    return Dialogue(question, follow_up, frozenset(right))


LOOKED_AT = (
    _of("how do I add a new question?", "and other wordings for it?", "add-wordings"),
    _of("how do I add a new question?", "and delete one?", "change-answer"),
    _of("can I send you a voice message?", "and a photo?", "only-text"),
    _of("is faqbot free?", "and the embeddings?", "token-cost"),
    _of("can I use an OpenAI key?", "how much?", "token-cost", "costs"),
    _of("can I use an OpenAI key?", "or another provider?", "base-url"),
    _of("which model does OpenAI offer me?", "what about the dimensions", "change-model"),
    _of("how do I run it in Docker?", "and on windows?", "requirements"),
    _of("how do I install it?", "what do I need for that?", "requirements"),
    _of("which languages do you understand?", "do I have to translate it then?", "translate-faq"),
    _of("does it work in telegram?", "in groups too?", "groups"),
    _of("how do I get a token for Telegram?", "and who is admin then?", "admins"),
    _of("can I edit the FAQ in Excel?", "and csv?", "table-files", "edit-in-spreadsheet"),
    _of("which file formats are there?", "what does yaml look like?", "yaml-jsonl"),
    _of("how do I undo an edit?", "or look at it before", "try-edit"),
    _of("when does an edited file take effect?", "and if it is broken?", "broken-file"),
    _of("when is the FAQ indexed again?", "how often?", "reindex-schedule"),
    _of("are my questions stored?", "what leaves the machine", "what-leaves"),
    _of("does it work offline?", "with a proxy?", "proxy"),
    _of("what does the score mean?", "can I change it?", "change-threshold"),
    _of("how do I measure quality?", "and check for mistakes?", "check-faq"),
    _of("why do you have no answer?", "and why the wrong one?", "wrong-answer"),
    _of("where do the settings stand?", "and the data?", "data-folder"),
    _of("wie füge ich eine neue Frage hinzu?", "und löschen?", "change-answer"),
    _of("how do I install it?", "who won the match?"),
    _of("does it work offline?", "thanks!"),
    _of("are my questions stored?", "ok"),
)
"""Those with which the rules were found."""

KEPT_ASIDE = (
    _of(
        "can the FAQ be imported from another program?",
        "and exported to Excel?",
        "edit-in-spreadsheet",
    ),
    _of("can I sort entries into topics?", "and move them?", "move-entries"),
    _of("can I show an answer to some people only?", "or until Friday?", "audience-and-dates"),
    _of("how many questions can it hold?", "how many MB?", "requirements", "capacity"),
    _of("the server said there is no credit left", "and a timeout?", "server-down"),
    _of("why are my requests rate limited?", "and if the batch is too big", "batch-refused"),
    _of("how do I keep the API key secret?", "where do I put it?", "use-api-key"),
    _of("are you a robot?", "so nothing is made up?", "made-up-answers"),
    _of("can I ask several questions at once?", "with typos?", "spelling-mistakes"),
    _of("what is an entry's id?", "which other properties?", "entry-properties"),
    _of("can answers have pictures?", "and tables?", "rich-answers"),
    _of("why is my file ignored?", "does it have to be markdown?", "file-formats", "existing-faq"),
    _of("how do I start a FAQ of my own?", "I have one already", "existing-faq", "import-faq"),
    _of("how do I update to a newer version?", "and back?", "update"),
    _of("how do I get more detailed logs?", "as json?", "json-output"),
    _of("which licence does faqbot have?", "does it cost anything?", "costs"),
    _of("I found a bug", "how do I run the tests then?", "run-tests"),
    _of("which commands are there?", "and settings?", "settings"),
    _of(
        "can I leave comments in a file?", "hidden from whom?", "hidden-notes", "audience-and-dates"
    ),
    _of("¿puedo usar una clave de OpenAI?", "¿y cuánto cuesta?", "token-cost", "costs"),
    _of("можно ли спросить голосом?", "а фото?", "only-text"),  # noqa: RUF001 - a Russian word
    _of("what does it say when it is not sure?", "how do I choose one?", "did-you-mean"),
    _of("how do I run it in Docker?", "a second one beside it?", "two-processes"),
    _of("how does the search work?", "and the score?", "score-meaning"),
    _of("how do I check the FAQ?", "what is for dinner?"),
    _of("is it free?", "great, bye"),
    _of("can I use it in a script?", "hm, and in Java?"),
)
"""Those that were first looked at when the rules stood."""

MUSEUM_LOOKED_AT = (
    _of("When is the museum open?", "and the café?", "hours-cafe"),
    _of("When is the café open?", "and the shop?", "hours-shop"),
    _of("How do I book a guided tour?", "how much is it?", "tour-price"),
    _of("Can children have a birthday party there?", "what does it cost?", "party-price"),
    _of("How do I become a member?", "how much?", "member-price"),
    _of("Can children have a birthday party there?", "how long?", "party-length"),
    _of("What does a guided tour cost?", "and how long is it?", "tour-length"),
    _of("What does a guided tour cost?", "where do I book?", "tour-booking"),
    _of("How much is a ticket?", "and for students?", "ticket-students"),
    _of("How much is a ticket?", "for a school class?", "ticket-groups"),
    _of("Where can I park my car?", "and my bike?", "park-bike"),
    _of("How much is the membership?", "can I cancel it?", "member-cancel"),
    _of("When do the tours begin?", "in Spanish too?", "tour-languages"),
    _of("When is the museum open?", "at Easter?", "hours-holidays"),
    _of("Wie viel kostet eine Führung?", "und wie lange?", "tour-length"),
    _of("May I bring my dog?", "ok thank you"),
    _of("When is the museum open?", "who painted the Mona Lisa?"),
)

MUSEUM_KEPT_ASIDE = (
    _of("When is the library open?", "the gift shop?", "hours-shop"),
    _of("How long is a birthday party?", "and the price?", "party-price"),
    _of("How do I book a birthday party?", "how long does it take?", "party-length"),
    _of("When does the next guided tour begin?", "what do I pay?", "tour-price"),
    _of("How long does a tour take?", "when?", "tour-times"),
    _of("What does membership cost?", "how do I get one?", "member"),
    _of("Can I buy tickets on the website?", "and give them back?", "ticket-return"),
    _of("What does a party for children cost?", "how can I reserve?", "party-booking"),
    _of("In which languages are the tours?", "how much are they?", "tour-price"),
    _of("What do students pay?", "and adults?", "ticket-adults"),
    _of("Is there a car park?", "or a bus?", "bus"),
    _of("May I take pictures?", "and bring a dog?", "dogs"),
    _of("When is the café open?", "on Christmas?", "hours-holidays"),
    _of("сколько стоит экскурсия?", "а как долго?", "tour-length"),  # noqa: RUF001 - the same
    _of("¿Cuánto cuesta una fiesta de cumpleaños?", "¿cómo la reservo?", "party-booking"),
    _of("Where is the cloakroom?", "good, see you tomorrow"),
    _of("How much is a ticket?", "and a flight to Rome?"),
)
