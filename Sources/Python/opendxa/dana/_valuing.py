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
    """What the askers of some questions get. What is to be asked `again` is given to `take` when it was."""

    __slots__ = ("_questions", "_wrong", "results", "values")

    def __init__(self, questions: Sequence[Question], rows: Sequence[AnswerRow]) -> None:
        self._questions = questions
        self.results: list[ReasoningResult] = [result_of(row) for row in rows]
        self.values: list[Any] = list(self.results)
        # The places of the answers that are no values: the question's, and the batch's where there are batches.
        self._wrong: list[tuple[int, int | None, Exception]] = []
        for number, (question, result) in enumerate(zip(questions, self.results, strict=True)):
            if question.form is None:
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
        return [
            self._questions[number].again(batch, self._text(number, batch), str(error)[:_LONGEST_FAULT])
            for number, batch, error in self._wrong
        ]

    def take(self, rows: Sequence[AnswerRow]) -> None:
        """The better answers; the first that is no value, either, is an AnswerError."""
        places, self._wrong = self._wrong, []
        for (number, batch, _), row in zip(places, rows, strict=True):
            result = result_of(row)
            if batch is None:
                self.results[number] = result
            self._put(number, batch, result.data)
            if self._wrong:
                raise self._failure(number, batch, result) from self._wrong[0][2]

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
        else:
            self.values[number][batch] = value

    def _text(self, number: int, batch: int | None) -> str:
        """The answer as the model gave it; that of a batch as JSON, because the text is that of all."""
        import json

        result = self.results[number]
        return result.text if batch is None else json.dumps(result.data[batch], ensure_ascii=False)

    def _failure(self, number: int, batch: int | None, result: ReasoningResult) -> Exception:
        from opendxa.dana.errors import AnswerError

        failure = AnswerError(f"the answer does not fit what was asked for: {self._wrong[0][2]}")
        failure.code, failure.model, failure.body = "schema_mismatch", result.model, result.text
        if batch is not None:
            failure.add_note(f"at batch {batch} of {len(self.values[number])}, counted from 0")
        if len(self._questions) > 1:
            failure.add_note(f"at question {number} of {len(self._questions)}, counted from 0")
        return failure
