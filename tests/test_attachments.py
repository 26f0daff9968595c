"""Which files a reader gets with an answer."""

import pytest

from bot.telegram.attachments import Attachment, attachments_of
from bot.telegram.rendering import render


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("See\n\n![The door](door.png)", [("de/door.png", "The door")]),
        ("![*The* `door`](<the door.png>)\n![](../b.png?raw=true#x)",
         [("de/the door.png", "The door"), ("b.png", "")]),
        ("![a](https://x.org/a.png?size=5)", [("https://x.org/a.png?size=5", "a")]),
        ('<img src="a.png" alt="A &amp; B">', [("de/a.png", "A & B")]),
        ("> ![a](a.png)\n\n- b\n\n  ![c](c.png)", [("de/a.png", "a"), ("de/c.png", "c")]),
        ("![a](a.png)\n\n![again](a.png)", [("de/a.png", "a")]),
        ("![a](../../../etc/passwd)", [("../../etc/passwd", "a")]),
        ("![a](/etc/passwd)", [("/etc/passwd", "a")]),
        ("words ![a](a.png)", []),
        ("[![a](a.png)](https://x.org)", []),
        ("![a](data:image/png;base64,xyz) ![b](file:///etc/passwd)", []),
        ("![a](http://localhost/a.png)", []),
        ("![a]()", []),
        ("```\n![a](a.png)\n```", []),
    ],
)  # fmt: skip
def test_pictures_that_stand_alone(answer: str, expected: list[tuple[str, str]]) -> None:
    """A paragraph of nothing but images is sent as pictures, which are found beside the file."""
    assert attachments_of(answer, (), "de/faq.md") == tuple(
        Attachment(address, is_picture=True, caption=caption) for address, caption in expected
    )


def test_what_the_entry_names() -> None:
    """Files of the entry's own come behind the pictures, and only pictures are shown as such."""
    named = [
        "Form 5%20.pdf",
        " plan.PNG ",
        "https://x.org/b.webp?a=.pdf",
        "ftp://x.org/c.pdf",
        "a.png",
    ]
    assert attachments_of("![a](a.png)", named, "faq.md") == (
        Attachment("a.png", is_picture=True, caption="a"),
        Attachment("Form 5%20.pdf", is_picture=False),
        Attachment("plan.PNG", is_picture=True),
        Attachment("https://x.org/b.webp?a=.pdf", is_picture=True),
    )


def test_nobody_gets_more_than_ten_files() -> None:
    """An answer with a whole album sends its beginning."""
    assert len(attachments_of("", [f"{number}.png" for number in range(50)], "faq.md")) == 10


def test_a_long_description_is_cut() -> None:
    """A caption ends at a word, as long as Telegram allows."""
    [attachment] = attachments_of(f"![{'word ' * 300}](a.png)", (), "faq.md")
    assert 1000 < len(attachment.caption) <= 1024
    assert attachment.caption.endswith("word")


def test_the_text_leaves_out_what_is_sent() -> None:
    """A picture that comes as such is not told of in the text, but for a step of a list."""
    answer = "See\n\n![The door](door.png)\n\n1. ![Open](open.png)\n2. b ![c](c.png)"
    [part] = render(answer, with_pictures=False)
    assert part.text == "See\n\n1. Open\n2. b c"
    [part] = render(answer)
    assert part.text == "See\n\nThe door\n\n1. Open\n2. b c"
    assert render("![a](b.png)", with_pictures=False) == ()
