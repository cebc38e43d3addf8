"""From one line of an input file to one line of an output file (docs/service/2 §11.2, §12)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from personalize_gitops.catalog.recipes import RecipeType
from personalize_gitops.catalog.rows.lines import attributes_in, members_of, text_in, unusable_columns
from personalize_gitops.emulator.errors import Refusal
from personalize_gitops.emulator.json_text import parsed
from personalize_gitops.emulator.models import family_of
from personalize_gitops.emulator.operations.filtering import Filtering
from personalize_gitops.emulator.operations.serving import Target, ask, question_of
from personalize_gitops.emulator.operations.themes import themed
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.model.reason import Verbatim, because
from personalize_gitops.render.reasons import text as sentence

if TYPE_CHECKING:
    from personalize_gitops.emulator.models.ranking import Scored

Line = Mapping[str, Any]  # one line of an input or output file


@dataclass(frozen=True)
class Batch:
    """One job, and what it answers with."""

    region: Region
    target: Target
    count: int  # results of a line
    filter: Line  # `filterArn`, if the job has one
    themes: bool

    def results(self, text: str) -> Iterator[Line]:
        """Yield the output lines of a file. An invalid line has an error and does not fail the job."""
        for written in filter(str.strip, text.splitlines()):
            try:
                line = parsed(written)
                if not isinstance(line, dict):
                    raise _error("a line must be a JSON object")
                yield self._result(line)
            except ValueError as error:
                yield self._failed(written, f"the line is not JSON: {error}")
            except Refusal as refusal:
                yield self._failed(line, refusal.message)

    def _result(self, line: Line) -> Line:
        if self.target.recipe.type is RecipeType.USER_SEGMENTATION:
            return self._segment(line)
        return {"input": line, "output": self._output(self._asked(line)), "error": None}

    def _segment(self, line: Line) -> Line:
        """Return users. A line with attributes is repeated without `input`, as in the samples of the guide."""
        by_attribute = self.target.recipe.name == "aws-item-attribute-affinity"
        if by_attribute:
            self._check_columns(attributes_in(line.get("itemAttributes")) or ())
        found = self._asked(line)
        output = {"recommendedUsers": [each.id for each in found]}
        if by_attribute:
            return {"itemAttributes": line["itemAttributes"], "output": output, "error": None}
        return {"input": line, "output": output, "error": None}

    def _check_columns(self, attributes: Iterable[tuple[str, str]]) -> None:
        """Refuse columns that the items lack, and texts: a query is about numbers or categories."""
        items = self.target.data.schemas.get("ITEMS")
        for code, column in unusable_columns(attributes, items.field if items else {}):
            raise _error(sentence(because(code, column=Verbatim(column))))

    def _asked(self, line: Line) -> "Sequence[Scored]":
        """Return the results for a line. Refuse one without the members that the recipe needs."""
        given = {name: read(line.get(name)) for name, read in members_of(self.target.recipe).items()}
        missing = [name for name, value in given.items() if value is None]
        if missing:
            raise _error(f"{', '.join(missing)} is missing or invalid")
        user = text_in(line.get("userId"))
        request = {"userId": user, "itemId": given.get("itemId"), **_values(line), **self.filter}
        request |= {"inputList": given.get("itemList"), "attributes": given.get("itemAttributes", ())}
        keep = Filtering(self.region, self.target, request).kept_by(request)
        return ask(self.region, self.target, question_of(self.region, self.target, request)).best(self.count, keep)

    def _output(self, found: "Sequence[Scored]") -> Line:
        output: dict[str, Any] = {"recommendedItems": [each.id for each in found]}
        if family_of(self.target.recipe.name).scores:
            output["scores"] = [round(each.score or 0.0, 7) for each in found]
        return themed(self.target.data, output) if self.themes else output

    def _failed(self, line: Any, why: str) -> Line:
        member = "recommendedUsers" if self.target.recipe.type is RecipeType.USER_SEGMENTATION else "recommendedItems"
        return {"input": line, "output": {member: []}, "error": f"User error: {why.rstrip('.')}."}


def _error(why: str) -> Refusal:
    return Refusal("UserError", why)


def _values(line: Line) -> Line:
    values = line.get("filterValues", {})
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise _error("filterValues must be texts by parameter")
    return {"filterValues": values} if values else {}
