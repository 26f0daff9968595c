"""The state of the index that is served, read once and shared by all who work with it."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.faq_languages import languages_of_faq
from bot.matching.matcher import Matcher
from bot.matching.storing import load
from bot.model import EmbeddingModel, Entry
from bot.ports import Index, IndexNotReadyError
from bot.visibility import is_conditional

_OF_ANOTHER_VERSION = (
    "The index was made by another version of faqbot: run `faqbot index` to make it anew."
)


@dataclass(frozen=True, slots=True)
class State:
    """One state of the index, ready to answer."""

    generation: int
    entries: tuple[Entry, ...]
    """In the order of the FAQ."""
    matcher: Matcher
    by_id: Mapping[str, Entry] = field(init=False)
    conditional: tuple[Entry, ...] = field(init=False)
    """Those that are not shown to everybody every day."""
    languages: tuple[str, ...] = field(init=False)
    """What the entries are in, the commonest first."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {entry.id: entry for entry in self.entries})
        object.__setattr__(self, "conditional", tuple(filter(is_conditional, self.entries)))
        object.__setattr__(self, "languages", languages_of_faq(self.entries))


class Serving:
    """Holds the state that is served, and one that is about to be."""

    def __init__(self, index: Index, model: EmbeddingModel) -> None:
        self._index = index
        self._model = model
        self._state: State | None = None
        self._next: State | None = None
        self._unreadable: int | None = None
        self._loading = threading.Lock()

    def current(self, generation: int | None = None) -> State:
        """Give what is served. Where it must be read first, that takes up to a second.

        Args:
            generation: the one that is wanted at least; None asks the index which one it is.

        Raises:
            IndexNotReadyError: there is no index for the model in use.
        """
        if generation is None:
            state = self._index.state()
            generation = state.generation if state and state.model == self._model else None
        with self._loading:
            for held in (self._state, self._next):
                if held and held.generation == generation:
                    self._state = held
                    return held
            # Until it is made anew, nobody's question should take the time to find that out again.
            if generation is not None and generation == self._unreadable:
                raise IndexNotReadyError(_OF_ANOTHER_VERSION)
            # Two of them at once take too much memory.
            self._state = self._next = None
            self._state = self._read()
            return self._state

    @property
    def held(self) -> State | None:
        """What was served last, without looking whether it still is; None where nothing was."""
        return self._state

    def latest(self) -> State | None:
        """Give what is served; None where nothing is that could be used."""
        try:
            return self.current()
        except IndexNotReadyError:
            return None

    def release(self) -> None:
        """Let go of what is held, where memory is needed for other things."""
        with self._loading:
            self._state = self._next = None

    def expect(self, generation: int, entries: Sequence[Entry], matcher: Matcher) -> None:
        """Hold what is about to be written, so that nobody has to read it afterwards."""
        with self._loading:
            self._next = State(generation, tuple(entries), matcher)

    def forget_expected(self) -> None:
        """Let go of what was about to be written, as it was not, or is served by now."""
        with self._loading:
            self._next = None

    def _read(self) -> State:
        served = self._index.served(self._model)
        matcher = load(served.fitted, served.refreshed)
        if matcher is None:
            self._unreadable = served.generation
            raise IndexNotReadyError(_OF_ANOTHER_VERSION)
        return State(served.generation, served.entries, matcher)
