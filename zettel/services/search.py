"""Answer searches: resolve the words of a query, correct those that nobody wrote, apply its conditions, and rank what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from zettel.adapters.fulltext.lookup import FieldMatches, TermLookup
from zettel.adapters.fulltext.stem import stem
from zettel.model.note.note import Note
from zettel.model.search.filter import Filter
from zettel.model.search.query import SEARCH_FIELDS, AllOf, AnyOf, FilterTerm, NoneOf, QueryCondition, SearchQuery, TextTerm, parse_query
from zettel.model.search.result import Citation, ScoreParts, SearchHit, SearchResult
from zettel.model.search.score import (
    MAX_VOUCHERS,
    MIN_SHARE,
    NAME_FIELDS,
    NAME_LIKENESS,
    OUTRIGHT,
    Voucher,
    WordMatches,
    compute_idf,
    score_name_likeness,
    score_vouchers,
    score_words,
)
from zettel.model.search.sentence_matcher import SentenceMatcher
from zettel.model.text.ids import is_id
from zettel.model.text.inert import clip
from zettel.model.text.phrases import join_names
from zettel.model.text.stopwords import STOP_WORDS
from zettel.model.text.tokens import is_unspaced, split_words
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.adapters.fulltext.index import FullTextIndex

EXACT_SCORE = 1000.0
"""Score of a note whose title, alias, file name or ID is the query, high enough to always rank first."""

MIN_ID_DIGITS = 4
"""Minimum number of digits that are looked for at the start of IDs."""

MIN_CORRECTED_LENGTH = 6
"""Minimum number of letters of a word that is corrected without asking. For shorter ones, similar words are only offered."""

MAX_RARE, MIN_RATIO = 2, 3
"""A word in at most `MAX_RARE` notes may be a typing error if a similar word is in at least `MIN_RATIO` times as many."""

MAX_WHOLE_RUN = 3
"""Maximum number of characters of a word in a script without blanks that is only looked for as a whole."""

MAX_CITATIONS = 300
"""Maximum number of links of one note whose sentences are compared with the question."""


def rank_notes(session: Session, words: str, limit: int | None = None) -> list[tuple[Note, float]]:
    """Return (note, score) of the `limit` notes that match `words` best (None: all that match), best first."""
    hits = search_notes(session, words, limit=limit).hits
    notes = session.open_notebook().catalogue.find_notes_by_path(hit.path for hit in hits)
    return [(notes[hit.path], hit.score) for hit in hits if hit.path in notes]


def search_notes(session: Session, text: str, wanted: Filter | None = None, limit: int | None = None) -> SearchResult:
    """Return the `limit` best notes (None: all) that meet the conditions of a query and of `wanted`, ranked by the query's words.

    Raises `QueryError` for an invalid date.
    """
    query = parse_query(text, session.today())
    notebook = session.open_notebook()
    return notebook.query_fulltext(lambda index: search_index(notebook, index, query, wanted, limit), session.console.choose_progress())


def search_index(
    notebook: OpenNotebook, index: FullTextIndex, query: SearchQuery, wanted: Filter | None = None, limit: int | None = None
) -> SearchResult:
    """Return what `search_notes` does, from an index that is open and up to date."""
    return _Search(notebook, index, query, wanted).run(limit)


class _Search:
    """One search in an up-to-date index."""

    def __init__(self, notebook: OpenNotebook, index: FullTextIndex, query: SearchQuery, wanted: Filter | None) -> None:
        self._notebook, self._reader, self._wanted = notebook, index.reader, wanted
        self._lookup = TermLookup(self._reader)
        self._remarks: list[str] = []
        self._corrections: dict[str, str] = {}
        self._matches: dict[TextTerm, FieldMatches] = {}
        self._filtered: dict[Filter, set[int]] = {}
        self._query = self._read_unknown_fields_as_words(query)

    def run(self, limit: int | None) -> SearchResult:
        """Return the `limit` best notes, best first."""
        query = self._query
        if query.is_empty:
            self._remarks.append("there is no word to search for")
            return SearchResult(query, 0, [], tuple(self._remarks), [], [], self._reader.read_text)
        words, terms = self._resolve_words(query.words)
        allowed = self._list_allowed()
        required = [(term, matches) for term in dict.fromkeys(query.required_terms) if (matches := self._find_condition(term))]
        words += [self._weigh(term.typed, matches) for term, matches in required]
        terms += [term for term, _ in required]
        scores = score_words(words, 0.0 if query.required_terms else MIN_SHARE)
        if allowed is not None:
            chosen = allowed if query.required_terms or not query.words else allowed & scores.keys()
            scores = {number: scores.get(number, 0.0) for number in chosen}
        exact = self._find_exact(allowed)
        likeness = score_name_likeness(words, self._reader.get_length)
        is_named = bool(exact) or max(likeness.values(), default=0.0) > OUTRIGHT * NAME_LIKENESS * sum(word.weight for word in words)
        total = {number: score + likeness.get(number, 0.0) for number, score in scores.items()}
        vouchers = {} if is_named else self._find_vouchers([word.weight for word in words], terms, total, allowed)
        for number, (score, _) in vouchers.items():
            total[number] = total.get(number, 0.0) + score
        for number in exact:
            total[number] = total.get(number, 0.0) + EXACT_SCORE
        paths = self._reader.paths
        hits = [
            SearchHit(
                number,
                paths[number],
                ScoreParts(
                    scores.get(number, 0.0),
                    likeness.get(number, 0.0) if number in scores else 0.0,
                    vouchers[number][0] if number in vouchers else 0.0,
                    EXACT_SCORE if number in exact else 0.0,
                ),
                tuple(word.typed for word in words if number in word.frequencies),
                self._build_citation(vouchers[number][1]) if number in vouchers else None,
            )
            for number in self._list_best(total, limit)
        ]
        if hits:
            self._reader.open_texts()  # they are read later, when another process may have replaced the files
        return SearchResult(self._query, len(total), hits, tuple(self._remarks), words, terms, self._reader.read_text, self._corrections)

    def _list_best(self, scores: dict[int, float], limit: int | None) -> list[int]:
        """Return the `limit` notes with the highest scores (None: all), best first, and by path among equals."""
        paths = self._reader.paths
        numbers: Iterable[int] = scores
        if limit is not None and len(scores) > limit:
            least = sorted(scores.values())[-limit] - 1e-6
            numbers = [number for number, score in scores.items() if score >= least]
        return sorted(numbers, key=lambda number: (-round(scores[number], 6), paths[number]))[:limit]

    # Words

    def _resolve_words(self, given: Sequence[TextTerm]) -> tuple[list[WordMatches], list[TextTerm]]:
        """Return where the plain words of the query are found, and how they were read."""
        found: dict[tuple[str, ...], tuple[TextTerm, WordMatches]] = {}
        unknown: list[TextTerm] = []
        for typed in dict.fromkeys(given):
            for term, matches in self._resolve_word(typed):
                if matches:
                    found.setdefault((*term.tokens, term.pattern), (term, self._weigh(term.typed, matches)))
                else:
                    unknown.append(term)
        missing: list[str] = []
        for term in dict.fromkeys(unknown):
            if corrected := self._correct_word(term, [word for _, word in found.values()], missing):
                found.setdefault((*corrected[0].tokens, ""), corrected)
        if missing:
            self._remarks.append(f"no note has {join_names(missing, conjunction='or')}")
        for term, word in found.values():
            self._offer_alternative(term, word)
        return [word for _, word in found.values()], [term for term, _ in found.values()]

    def _resolve_word(self, term: TextTerm) -> Iterator[tuple[TextTerm, FieldMatches]]:
        """Yield what a plain word stands for, with the matches of each: none if nobody wrote it.

        A word that nobody wrote stands for longer ones that begin with it, and a compound that nobody wrote as such for its parts. A longer run
        of a script without blanks stands for each two neighbouring characters, because nothing tells where a word of it ends.
        """
        matches = self._lookup.find_term(term)
        if len(term.tokens) == 1:
            word = term.tokens[0]
            if word.isdigit() and len(word) >= MIN_ID_DIGITS:
                matches = self._add_ids(word, matches)
            matches = matches or self._lookup.find_folder(word)
            if not matches and (longer := self._lookup.find_longer_words(word)):
                yield TextTerm((), pattern=f"{word}*", typed=term.typed), longer
            else:
                yield term, matches
            return
        is_run = all(map(is_unspaced, term.tokens))
        if matches and not (is_run and len(term.tokens) > MAX_WHOLE_RUN):
            yield term, matches
            return
        size = 2 if is_run else 1
        for at in range(len(term.tokens) - size + 1):
            part = TextTerm(term.tokens[at : at + size], typed="".join(term.tokens[at : at + size]))
            yield part, self._lookup.find_term(part)

    def _add_ids(self, digits: str, matches: FieldMatches) -> FieldMatches:
        """Add the notes whose IDs begin with some digits, as if the digits were in their file names."""
        notes = self._notebook.catalogue.find_notes_by_id_prefix(digits)
        numbers = self._reader.find_numbers(note.path for note in notes).values()
        return {**matches, "name": {**matches.get("name", {}), **dict.fromkeys(numbers, 1.0)}} if numbers else matches

    def _weigh(self, typed: str, matches: FieldMatches) -> WordMatches:
        frequencies = self._reader.sum_frequencies(matches.items())
        idf = compute_idf(self._reader.note_count, len(frequencies), is_stop_word=typed.lower() in STOP_WORDS)
        return WordMatches(typed, idf, frequencies, {field: matches[field] for field in NAME_FIELDS if field in matches})

    def _correct_word(self, term: TextTerm, others: Sequence[WordMatches], missing: list[str]) -> tuple[TextTerm, WordMatches] | None:
        """Return a similar word in place of one that nobody wrote, if some note has it with all of the others.

        Else offer similar words, or add the word to those that are `missing`.
        """
        typed = term.tokens[0]
        near = self._lookup.find_similar_words(typed) if len(term.tokens) == 1 else []
        for similar in near if len(typed) >= MIN_CORRECTED_LENGTH else ():
            corrected = TextTerm((similar,), typed=similar)
            word = self._weigh(similar, self._lookup.find_term(corrected))
            if set(word.frequencies).intersection(*(other.frequencies for other in others)):
                alternatives = [f'"{other}"' for other in near if other != similar]
                offer = f" (or did you mean {join_names(alternatives, conjunction='or')}?)" if alternatives else ""
                self._remarks.append(f'no note has "{term.typed}": searched for "{similar}"{offer}')
                self._corrections[term.typed] = similar
                return corrected, word
        if near:
            offers = join_names([f'"{similar}"' for similar in near], conjunction="or")
            self._remarks.append(f'no note has "{term.typed}"; did you mean {offers}?')
        else:
            missing.append(f'"{clip(term.typed, 80)}"')
        return None

    def _offer_alternative(self, term: TextTerm, word: WordMatches) -> None:
        """Offer a similar word for one that hardly any note has, and none in its name, if far more notes have the similar one."""
        count = len(word.frequencies)
        if len(term.tokens) != 1 or term.pattern or word.names or len(term.tokens[0]) < MIN_CORRECTED_LENGTH or count > MAX_RARE:
            return
        for similar in self._lookup.find_similar_words(term.tokens[0], 1):
            matches = self._lookup.find_term(TextTerm((similar,)))
            if len(set().union(*matches.values())) >= MIN_RATIO * count and stem(similar) != stem(term.tokens[0]):
                self._remarks.append(f'few notes have "{term.typed}"; did you mean "{similar}"?')

    # Conditions

    def _read_unknown_fields_as_words(self, query: SearchQuery) -> SearchQuery:
        """Return the query with plain words for fields that no note has, because `note: this` may just be prose."""
        words, conditions = list(query.words), []
        for part in query.conditions:
            if isinstance(part, TextTerm) and self._is_unknown_field(part):
                self._remarks.append(f'no note has a field "{part.field}", so its name and value are searched for as words')
                words += [TextTerm((token,), typed=token) for token in (*split_words(part.field), *part.tokens)]
            else:
                conditions.append(part)
        return query._replace(words=tuple(words), conditions=tuple(conditions))

    def _is_unknown_field(self, term: TextTerm) -> bool:
        return bool(term.field) and term.field not in SEARCH_FIELDS and term.field != "id" and not self._lookup.has_key(term.field)

    def _list_allowed(self) -> set[int] | None:
        """Return the notes that meet all conditions of the query and the filter of the options, or None if there are none."""
        allowed: set[int] | None = None
        if self._wanted and not self._wanted.matches_all:
            self._name_missing(self._wanted)
            allowed = self._find_filtered(self._wanted)
        for part in self._query.conditions:
            met = self._find_meeting(part)
            allowed = met if allowed is None else allowed & met
        return allowed

    def _find_meeting(self, part: QueryCondition) -> set[int]:
        """Return the notes that meet a condition."""
        if isinstance(part, NoneOf):
            return self._reader.list_numbers() - self._find_meeting(part.part)
        if isinstance(part, AllOf):
            return set.intersection(*map(self._find_meeting, part.parts))
        if isinstance(part, AnyOf):
            return set().union(*map(self._find_meeting, part.parts))
        if isinstance(part, FilterTerm):
            self._name_missing(part.filter)
            return self._find_filtered(part.filter)
        if part.field == "id":
            return set(
                self._reader.find_numbers(
                    n.path for n in self._notebook.catalogue.find_notes_by_id_prefix("".join(part.tokens) + part.prefix)
                ).values()
            )
        if part.field and part.field not in SEARCH_FIELDS and not self._is_unknown_field(part):
            return self._lookup.find_with_value(part)
        return {number for matches in self._find_condition(part).values() for number in matches}

    def _find_condition(self, term: TextTerm) -> FieldMatches:
        """Return the matches of a word or phrase that a condition asks for."""
        if term not in self._matches:
            self._matches[term] = self._look_up_condition(term)
        return self._matches[term]

    def _look_up_condition(self, term: TextTerm) -> FieldMatches:
        if term.field and term.field not in SEARCH_FIELDS:
            if term.field == "id" or not self._is_unknown_field(term):
                return {}
            term = TextTerm((*split_words(term.field), *term.tokens))
        matches = self._lookup.find_term(term)
        if not matches and len(term.tokens) == 1 and not term.pattern and not term.field:
            matches = self._lookup.find_folder(term.tokens[0]) or self._lookup.find_longer_words(term.tokens[0])
        return matches

    def _find_filtered(self, wanted: Filter) -> set[int]:
        if wanted not in self._filtered:
            self._filtered[wanted] = set(self._reader.find_numbers(self._notebook.catalogue.list_paths(wanted)).values())
        return self._filtered[wanted]

    def _name_missing(self, wanted: Filter) -> None:
        """Remark on tags and folders that do not exist."""
        from zettel.services.filters import describe_missing

        for remark in describe_missing(self._notebook, wanted):
            if remark not in self._remarks:
                self._remarks.append(remark)

    # Names and citations

    def _find_exact(self, allowed: set[int] | None) -> list[int]:
        """Return the notes whose title, alias, file name or ID is the query without its filters."""
        text = self._read_name()
        if not text:
            return []
        catalogue = self._notebook.catalogue
        notes = (
            catalogue.find_notes_by_handle(text)
            if is_id(text)
            else [*catalogue.find_notes_by_title(text), *catalogue.find_notes_by_file_name(text)]
        )
        numbers = self._reader.find_numbers(note.path for note in notes).values()
        return sorted(number for number in numbers if allowed is None or number in allowed)

    def _read_name(self) -> str:
        """Return the query without what filters, as the name of a note. Words beside a phrase or the like name none."""
        query = self._query
        asked = [part for part in query.conditions if not isinstance(part, FilterTerm | NoneOf)]
        if query.words:
            return "" if asked else " ".join(term.typed for term in query.words) if query.conditions else query.text
        if len(asked) == 1 and isinstance(asked[0], TextTerm) and not asked[0].field:
            return asked[0].typed
        return query.text

    def _build_citation(self, voucher: Voucher) -> Citation:
        source = self._reader.paths[voucher.source]
        return Citation(source, self._notebook.catalogue.show_sentence(source, voucher.sentence))

    def _find_vouchers(
        self, weights: list[float], terms: list[TextTerm], scores: dict[int, float], allowed: set[int] | None
    ) -> dict[int, tuple[float, Voucher]]:
        """Return the notes that the best notes cite in a sentence with words of the question: the score of the best such sentence, and the sentence."""
        paths = self._reader.paths
        citations = [
            (number, target, sentence)
            for number in self._list_best(scores, MAX_VOUCHERS)
            for target, sentence in self._notebook.catalogue.list_citations(paths[number], MAX_CITATIONS)
        ]
        numbers = self._reader.find_numbers({target for _, target, _ in citations})
        matcher = SentenceMatcher(terms, stem)
        vouchers = [
            Voucher(source, numbers[target], found, sentence)
            for source, target, sentence in citations
            if target in numbers and (allowed is None or numbers[target] in allowed) and (found := matcher.find_words(sentence))
        ]
        return score_vouchers(weights, vouchers)
