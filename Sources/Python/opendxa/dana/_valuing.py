"""Makes values of what language models answer: an answer of which none can be made is asked for once more.

Whether an answer has the form of the JSON Schema is seen to before; this is for what only the type itself knows, such
as whether a text is a date, and what its own checks say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opendxa.dana._answer import ReasoningResult, result_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendxa.dana._native import AnswerRow, QuestionFields
    from opendxa.dana._question import Question

_LONGEST_FAULT = 2000


class Valuing:
    """What the askers of some questions get; in the place of an answer there may be the exception that came instead.
    What is to be asked `again` is given to `take` when it was."""

    __slots__ = ("_questions", "_wrong", "results", "values")

    def __init__(self, questions: Sequence[Question], rows: Sequence[AnswerRow | BaseException]) -> None:
        self._questions = questions
        self.results = [row if isinstance(row, BaseException) else result_of(row) for row in rows]
        self.values: list[Any] = list(self.results)
        # The answers that are no values: the question's place, the batch's where there are batches, what is wrong.
        self._wrong: list[tuple[int, int | None, Exception]] = []
        for number, (question, result) in enumerate(zip(questions, self.results, strict=True)):
            if question.form is None or isinstance(result, BaseException):
                continue
            if not question.in_batches:
                self._put(number, None, result.data)
                continue
            self.values[number] = [None] * len(result.data)
            for batch, data in enumerate(result.data):
                self._put(number, batch, data)

    @property
    def again(self) -> list[QuestionFields]:
        """The questions that ask for better answers."""
        return [self._again(number, batch, error) for number, batch, error in self._wrong]

    def take(self, rows: Sequence[AnswerRow | BaseException]) -> None:
        """The better answers. One that is no value, either, becomes an AnswerError."""
        places, self._wrong = self._wrong, []
        for (number, batch, _), row in zip(places, rows, strict=True):
            if isinstance(row, BaseException):
                self._fail(number, batch, row)
                continue
            result = result_of(row)
            if batch is None:
                self.results[number] = result
            self._put(number, batch, result.data)
            if self._wrong:
                self._fail(number, batch, _misfit(result, self._wrong.pop()[2]))

    def _put(self, number: int, batch: int | None, data: Any) -> None:
        form = self._questions[number].form
        assert form is not None
        try:
            value = form.build(data)
        except Exception as error:  # whatever the class's own checks raise
            self._wrong.append((number, batch, error))
            return
        if batch is None:
            self.values[number] = value
        elif not isinstance(self.values[number], BaseException):
            self.values[number][batch] = value

    def _again(self, number: int, batch: int | None, error: Exception) -> QuestionFields:
        import json

        result = self.results[number]
        assert isinstance(result, ReasoningResult)
        # The text of batches is that of all of them.
        text = result.text if batch is None else json.dumps(result.data[batch], ensure_ascii=False)
        return self._questions[number].again(batch, text, str(error)[:_LONGEST_FAULT], result.timing.total)

    def _fail(self, number: int, batch: int | None, failure: BaseException) -> None:
        if isinstance(self.values[number], BaseException):
            return  # another batch failed before
        if batch is not None:
            failure.add_note(f"at batch {batch} of {len(self.values[number])}, counted from 0")
        self.values[number] = failure


def _misfit(result: ReasoningResult, error: Exception) -> Exception:
    from opendxa.dana.errors import AnswerError

    failure = AnswerError(f"the answer does not fit what was asked for: {error}")
    failure.code, failure.model, failure.body = "schema_mismatch", result.model, result.text
    failure.__cause__ = error
    return failure
