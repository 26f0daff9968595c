"""What can be mended in FAQ files without asking: encodings, slips of the pen, missing ids."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from bot.faq.editing import edit_what_can_be
from bot.faq.faq_file import parse_text
from bot.faq.file_text import MARK, FileText, FileTextError, Replacement, Write, decode, read_file
from bot.faq.folder import read_faq
from bot.faq.open_faq import OpenFaq, is_table, open_texts
from bot.model import Source
from bot.text import normalise

_HEADING_WITHOUT_SPACE = re.compile(r"( {0,3}#{2,6})([^#\s].*)")
_MARKDOWN = frozenset((".md", ".markdown", ".mdx", ".txt"))


@dataclass(slots=True)
class Fixes:
    """What was mended."""

    done: dict[str, list[str]] = field(default_factory=dict)
    """By file, what was done, each ready to stand behind "the file:"."""
    refusals: list[str] = field(default_factory=list)
    """What could not be done, whole sentences."""
    writes: list[Write] = field(default_factory=list)

    def note(self, file: str, what: str) -> None:
        """Note something that was done to a file."""
        self.done.setdefault(file, []).append(what)


def fix(path: Path) -> Fixes:
    """Mend what can be mended without asking; nothing is written yet.

    Raises:
        FaqPathError: the path does not exist or is of no known format.
    """
    faq = read_faq(path)
    fixes = Fixes()
    texts: dict[str, tuple[bytes, FileText]] = {}
    for name in faq.files:
        try:
            data = read_file(faq.root / name)
        except FileTextError as error:
            fixes.refusals.append(str(error))
            continue
        text = _as_utf8(data, name, fixes)
        if text is not None:
            texts[name] = data, _with_spaces(text, name, fixes)
    opened = open_texts(faq, texts, is_one_file=path.is_file())
    _write_ids_down(opened)
    _drop_repeated(opened)
    for name, file in opened.files.items():
        edits = opened.of(name)
        edited, refusals = edit_what_can_be(file.text, name, edits)
        refused = {number for it in refusals for number in (*it.edits.changed, *it.edits.rewritten)}
        _note_ids(name, [it for it in edits.changed if it not in refused], fixes)
        _note_repeated(name, [it for it in edits.rewritten if it not in refused], fixes)
        if refusals and refusals[0].edits is edits:
            fixes.refusals.append(refusals[0].why)
        elif refused:
            lines = sorted({file.drafts[number].line for number in refused})
            fixes.refusals.append(
                f"{name}: there is no place for the id of each entry (line{'s' * (len(lines) > 1)} "
                f"{', '.join(map(str, lines))}), so these keep the ids that their questions give."
            )
        if edited.encoded() != file.data:
            fixes.writes.append(Write(file.path, file.data, edited.encoded()))
    return fixes


def _note_ids(name: str, numbers: Collection[int], fixes: Fixes) -> None:
    if numbers:
        fixes.note(name, f"wrote down {len(numbers)} id" + "s" * (len(numbers) > 1))


def _note_repeated(name: str, numbers: Collection[int], fixes: Fixes) -> None:
    if numbers:
        entries = "1 entry" if len(numbers) == 1 else f"{len(numbers)} entries"
        fixes.note(name, f"removed wordings that stood twice in {entries}")


def _as_utf8(data: bytes, name: str, fixes: Fixes) -> FileText | None:
    try:
        text = decode(data, guess=True)
    except FileTextError:
        fixes.refusals.append(
            f"{name} is not UTF-8 text, and there is no telling what else it is: open it in your "
            'editor, and save it with the encoding "UTF-8".'
        )
        return None
    if text.encoding != "utf-8":
        fixes.note(
            name,
            f"saved as UTF-8 (it was {text.encoding.upper()}); look whether its letters are right",
        )
        # To Excel the mark tells the encoding of a table.
        return replace(text, encoding="utf-8", mark=MARK if is_table(name) else b"")
    if text.mark and not is_table(name):
        fixes.note(name, "removed the invisible mark at its beginning")
        return replace(text, mark=b"")
    return text


def _with_spaces(file: FileText, name: str, fixes: Fixes) -> FileText:
    """Put the missing space behind the signs of headings that were told of."""
    if PurePosixPath(name).suffix.lower() not in _MARKDOWN:
        return file
    parsed = parse_text(file.text, name)
    lines = file.lines
    told = {problem.source.line for problem in parsed.problems}
    slips = {
        line: match
        for line in sorted(told)
        if (match := _HEADING_WITHOUT_SPACE.fullmatch(lines[line - 1]))
    }
    mended = file.edited(
        Replacement(line - 1, line, [f"{match[1]} {match[2]}"]) for line, match in slips.items()
    )
    after = parse_text(mended.text, name)
    before = {draft.questions for draft in parsed.drafts}
    is_safe = after.complete and before <= {draft.questions for draft in after.drafts}
    if not slips or not is_safe:
        return file
    numbers = ", ".join(map(str, slips))
    fixes.note(
        name,
        f"put the missing space after the # of a heading (line{'s' * (len(slips) > 1)} {numbers})",
    )
    return mended


def _write_ids_down(faq: OpenFaq) -> None:
    """Write down the id that each entry has, so that another heading does not change it."""
    for entry in faq.entries:
        faq.change(entry.source, replace(faq.draft(entry.source), id=entry.id))


def _drop_repeated(faq: OpenFaq) -> None:
    """Take out the wordings of an entry that are the same as another one of it."""
    for source in _repeated(faq):
        faq.of(source.file).rewritten[source.line] = frozenset(("also",))


def _repeated(faq: OpenFaq) -> Iterator[Source]:
    for name, file in faq.files.items():
        editor = file.editor(name)
        for number in range(len(file.drafts) if editor else 0):
            phrasings = [normalise(it) for it in editor.phrasings(number)] if editor else []
            if len(set(phrasings)) < len(phrasings):
                yield Source(name, number)
