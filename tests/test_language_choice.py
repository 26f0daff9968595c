"""Conversations in several languages, by the real application over real HTTP to a strict server."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import Details, Entry, Source, Translation
from bot.wording.catalogue import shipped
from bot.wording.wording_file import parse_wording
from tests.fakes import entry
from tests.shop import CLOSE, FAQ, VAGUE, Shop, buttons, data, open_shop, texts
from tests.telegram_server import ANN, GROUP, Person, TelegramServer, refusal

BERT = Person(1002, "Bert", language_code="de")
EVE = Person(1003, "Eve", language_code="fr")
DMITRI = Person(1004, "Дмитрий", language_code="ru")
LAILA = Person(1005, "ليلى", language_code="ar")
NO_ANSWER = "I have no answer to that."
KEINE_ANTWORT = "Darauf habe ich keine Antwort."
LANGUAGES = ["English", "العربية", "Deutsch", "Español", "Русский", "Automatic"]


def _both(id_: str, english: tuple[str, str], german: tuple[str, str]) -> Entry:
    """Make an entry in English and German."""
    translation = Translation("de", (german[0],), german[1], Source("de/faq.md", 1))
    return replace(
        entry(id_, english[0], answer=english[1], file="en/faq.md"),
        language="en",
        details=Details(translations=(translation,), attachments=("map.pdf",)),
    )


OPEN = _both(
    "open",
    ("when do you open the shop", "At *nine*."),
    ("wann macht ihr den laden auf", "Um *neun*."),
)
PAY = replace(entry("pay", "how can i pay", answer="By card."), language="en")
SHUT = replace(CLOSE, language="en")


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN, BERT, EVE, DMITRI, LAILA, GROUP)
        yield server


@pytest.fixture(name="shop")
async def _shop(tmp_path: Path, server: TelegramServer) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, server) as shop:
        yield shop


async def test_everybody_is_spoken_to_in_the_language_of_their_telegram(shop: Shop) -> None:
    """Ann reads English, Bert German, Dmitri Russian; Eve's French is not spoken here."""
    said = {
        person: (await shop.ask("/start", person, person))["text"]
        for person in (ANN, BERT, DMITRI, EVE)
    }
    assert said[ANN].startswith("Hello!")
    assert said[BERT].startswith("Hallo!")
    assert said[DMITRI].startswith("Здравствуйте!")
    assert said[EVE].startswith("Hello!")


async def test_a_language_is_chosen_by_a_button_and_given_back(
    shop: Shop, server: TelegramServer
) -> None:
    """Ann looks what is spoken, taps German, and later lets the bot decide again."""
    offer = await shop.ask("/language")
    assert offer["text"].startswith("I speak English with you now.")
    assert buttons(offer) == LANGUAGES

    shop.press(offer, "Deutsch")
    chosen = await shop.said("Ab jetzt spreche ich Deutsch mit dir.")
    assert chosen["message_id"] == offer["message_id"]
    assert buttons(chosen) == []
    server.callback(offer, data(offer, "Русский"), anyway=True)  # her thumb was too quick

    await shop.restart()
    assert (await shop.ask("qwertz"))["text"].startswith(KEINE_ANTWORT)
    # What was chosen counts, whatever she writes in.
    assert (await shop.ask("do you sell anything else"))["text"].startswith(KEINE_ANTWORT)

    offer = await shop.ask("/language")
    assert buttons(offer)[-1] == "Automatisch"
    shop.press(offer, "Automatisch")
    await shop.said("From now on I speak the language that you write to me in.")
    assert (await shop.ask("qwertz"))["text"].startswith(NO_ANSWER)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("de", "Ab jetzt spreche ich Deutsch"),
        ("DE-at", "Ab jetzt spreche ich Deutsch"),
        ("русский", "Теперь язык нашей беседы: Русский"),
        ("Spanish", "A partir de ahora"),
        ("auto", "From now on I speak the language that you write"),
        ("klingon", "I do not speak that language. I speak English with you now."),
    ],
)
async def test_a_language_is_named(shop: Shop, named: str, said: str) -> None:
    """Who knows what they want writes it behind the command, by its code or a name of it."""
    assert (await shop.ask(f"/language {named}"))["text"].startswith(said)


async def test_the_admins_of_a_group_choose_for_all(shop: Shop, server: TelegramServer) -> None:
    """Ann may choose for the group, Bert may not; in private everybody keeps their own."""
    server.statuses[GROUP.id, ANN.id] = "administrator"
    refused = await shop.ask("/language es", GROUP, BERT)
    assert refused["text"].startswith("In einer Gruppe wählen die Admins die Sprache.")

    offer = await shop.ask("/language", GROUP)
    shop.press(offer, "Deutsch", BERT)
    await server.until(lambda: not server.open_callbacks)
    assert "Admins" in server.calls("answerCallbackQuery")[-1].params["text"]
    shop.press(offer, "Español", ANN)
    await shop.said("A partir de ahora hablo contigo en este idioma: Español.", GROUP)

    for person in (ANN, BERT):
        said = await shop.ask("@faq_bot qwertz", GROUP, person)
        assert said["text"].startswith("No tengo respuesta para eso.")
    assert (await shop.ask("qwertz"))["text"].startswith(NO_ANSWER)

    server.text("/language de", chat=GROUP, sender_chat=GROUP.chat)  # an anonymous admin
    await shop.said("Ab jetzt spreche ich Deutsch", GROUP)
    server.inject(refusal(400, "Bad Request: CHAT_ADMIN_REQUIRED"), method="getChatMember")
    said = await shop.ask("/language es", GROUP)
    assert said["text"].startswith("In einer Gruppe")


async def test_old_and_foreign_buttons_of_languages(shop: Shop, server: TelegramServer) -> None:
    """A language that is not spoken any more is none; a message out of reach gets a new one."""
    offer = await shop.ask("/language")
    server.removed(offer)
    server.callback(offer, data(offer, "Deutsch"), anyway=True)
    await shop.said("Ab jetzt spreche ich Deutsch")
    server.callback(offer, "lxx", anyway=True)
    await shop.said("From now on I speak the language that you write")
    server.callback(offer, "l no language", anyway=True)
    await server.until(lambda: not server.open_callbacks)
    assert "does nothing any more" in server.calls("answerCallbackQuery")[-1].params["text"]


async def test_who_writes_in_a_language_is_answered_in_it(shop: Shop) -> None:
    """An English Telegram does not keep Ann from asking in German, nor Bert from asking in English.

    One word that could be either changes nothing.
    """
    said = await shop.ask("könnt ihr mir vielleicht ein fahrrad verkaufen")
    assert said["text"].startswith(KEINE_ANTWORT)
    assert (await shop.ask("do you have bicycles for sale", BERT, BERT))["text"].startswith(
        NO_ANSWER
    )
    assert (await shop.ask("hotel", BERT, BERT))["text"].startswith(KEINE_ANTWORT)


async def test_a_faq_in_one_language_speaks_it_with_strangers(shop: Shop) -> None:
    """Where Eve's French is not spoken, the FAQ's Spanish is nearer than English."""
    await shop.serve(
        entry("open", "¿A qué hora abren ustedes la tienda?", answer="La tienda abre a las nueve."),
        entry("pay", "¿Cómo puedo pagar mi compra?", answer="Puedes pagar con tarjeta."),
    )
    await shop.restart()
    assert (await shop.ask("/start", EVE, EVE))["text"].startswith("¡Hola!")
    assert (await shop.ask("qwertz", EVE, EVE))["text"].startswith("No tengo respuesta")
    assert (await shop.ask("/start", BERT, BERT))["text"].startswith("Hallo!")


async def test_an_entry_is_read_in_the_persons_language(
    shop: Shop, server: TelegramServer, tmp_path: Path
) -> None:
    """The same question gets Bert the German answer with its files, and Ann the English one."""
    for folder, name in (("en", "map.pdf"), ("de", "tuer.png")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    (german,) = OPEN.details.translations
    pictured = replace(german, answer="Um *neun*.\n\n![Die Tür](tuer.png)")
    await shop.serve(replace(OPEN, details=replace(OPEN.details, translations=(pictured,))), PAY)

    assert (await shop.ask("when do you open the shop"))["text"] == "At nine."
    server.text("wann macht ihr den laden auf", user=BERT)
    await shop.said("Um neun.", BERT)
    await server.until(lambda: len(server.messages(BERT)) == 3)
    assert server.messages(BERT)[1]["caption"] == "Die Tür"
    assert server.messages(BERT)[2]["document"]
    greeting = (await shop.ask("/start", BERT, BERT))["text"]
    assert "wann macht ihr den laden auf" in greeting


async def test_did_you_mean_stays_in_its_language(shop: Shop) -> None:
    """Ann asks in German: the buttons, the answer behind one and the words around it are German."""
    close = _both(
        "close",
        ("when do you close the shop", "At five."),
        ("wann macht ihr den laden zu", "Um fünf."),
    )
    open_ = replace(OPEN, details=replace(OPEN.details, attachments=()))
    await shop.serve(open_, replace(close, details=replace(close.details, attachments=())), PAY)
    unsure = await shop.ask("wann macht ihr")
    assert unsure["text"].startswith("Ich bin nicht sicher.")
    assert set(buttons(unsure)[:2]) == {
        "wann macht ihr den laden auf",
        "wann macht ihr den laden zu",
    }
    shop.press(unsure, "wann macht ihr den laden zu")
    await shop.said("Um fünf.")

    unsure = await shop.ask("wann macht ihr")
    shop.press(unsure, "Nichts davon")
    await shop.said("Dann habe ich dich noch nicht verstanden.")


async def test_a_missing_translation_is_told(shop: Shop) -> None:
    """Bert reads why he gets English; Ann, who asked for English, reads nothing of that.

    Dmitri, whose language no entry has, learns which there are.
    """
    open_ = replace(OPEN, details=replace(OPEN.details, attachments=()))
    await shop.serve(open_, PAY)
    assert (await shop.ask("how can i pay"))["text"] == "By card."
    await shop.ask("/language de", BERT, BERT)
    said = (await shop.ask("how can i pay", BERT, BERT))["text"]
    assert said == "By card.\n\n(Diese Antwort habe ich nur auf: English.)"
    await shop.ask("/language ru", DMITRI, DMITRI)
    said = (await shop.ask("when do you open the shop", DMITRI, DMITRI))["text"]
    assert said == "At nine.\n\n(Этот ответ есть у меня только на языке: English, Deutsch.)"  # noqa: RUF001

    await shop.serve(SHUT, PAY)
    assert (await shop.ask("how can i pay", BERT, BERT))["text"] == "By card."


async def test_words_of_the_admins(shop: Shop) -> None:
    """What an admin writes is said at once, in languages that are not shipped, too."""
    texts_, problems = parse_wording(
        b"de:\n  I have no answer to that.: Da bin ich baff.\n"
        b"fr:\n  I have no answer to that.: Je ne sais pas.\n",
        "wording.yaml",
        {it.language: it for it in shipped()},
    )
    assert [it.severity for it in problems] == ["warning"]  # much is missing in French
    shop.languages.override(texts_)
    assert (await shop.ask("qwertz", BERT, BERT))["text"].startswith("Da bin ich baff.")
    french = (await shop.ask("qwertz", EVE, EVE))["text"]
    assert french.startswith("Je ne sais pas.\n\nYou can ask me, for example:")
    assert "Français" in buttons(await shop.ask("/language"))
    shop.languages.override({})
    assert (await shop.ask("qwertz", EVE, EVE))["text"].startswith(NO_ANSWER)


async def test_a_conversation_from_right_to_left(shop: Shop, server: TelegramServer) -> None:
    """Laila reads Arabic, with Latin names, numbers and commands where they belong.

    A line shows in the direction of its first letter, so one that begins with a foreign word
    begins with a mark instead, and code has marks around it, which nobody copies.
    """
    await shop.serve(
        entry("pay", "كيف أدفع", answer="PayPal أو Visa، حتى 500 ريال:\n\n- Visa مقبولة\n- نقدًا"),
        entry("ask", "كيف أسأل", answer="اكتب `/ask` ثم سؤالك."),
    )
    greeting = (await shop.ask("/start", LAILA, LAILA))["text"]
    assert greeting.startswith("مرحبًا! اسألني")

    answer = (await shop.ask("كيف أدفع", LAILA, LAILA))["text"]
    right = "\u200f"
    assert answer.split("\n") == [
        f"{right}PayPal أو Visa، حتى 500 ريال:",
        "",
        f"{right}• Visa مقبولة",
        "• نقدًا",
    ]
    asking = await shop.ask("كيف أسأل", LAILA, LAILA)
    (code,) = asking["entities"]
    assert code["type"] == "code"
    at, left = code["offset"], "\u200e"
    assert asking["text"][at - 1 : at + code["length"] + 1] == f"{left}/ask{left}"

    unsure = await shop.ask("/language", LAILA, LAILA)
    assert buttons(unsure)[1] == "العربية"
    shop.press(unsure, "Deutsch", LAILA)
    await shop.said("Ab jetzt spreche ich Deutsch", LAILA)
    assert not [it for it in texts(server, LAILA) if "{" in it]


async def test_a_vague_question_in_every_language(shop: Shop) -> None:
    """Nothing that comes with a suggestion is left in English."""
    for tag, unsure in (("de", "Ich bin"), ("es", "No sé"), ("ru", "Мне не"), ("ar", "لست")):
        await shop.ask(f"/language {tag}")
        said = await shop.ask(VAGUE)
        assert said["text"].startswith(unsure)
        assert buttons(said)[:-1] == [it.question for it in (CLOSE, *FAQ[:1], FAQ[2])]
        assert buttons(said)[-1] != "None of these"
