"""Batch jobs answer each line of their input with the model of a version (docs/service/2 §11, §12)."""

from typing import Any

import pytest

from .asking import Cinema
from .refusals import refusal

THEMES = {
    "batchInferenceJobMode": "THEME_GENERATION",
    "themeGenerationConfig": {"fieldsForThemeGeneration": {"itemName": "TITLE"}},
}


def test_the_same_as_in_real_time(cinema: Cinema) -> None:
    """A line gets the items that the campaign of the version gives, in the documented form."""
    ask = {"userId": "u2"}
    (answer,) = cinema.batch("v1", [ask], batchInferenceJobConfig={"itemExplorationConfig": {"explorationWeight": "0"}})

    expected = cinema.ask("v1", userId="u2")
    assert (answer["input"], answer["error"]) == (ask, None)
    assert answer["output"]["recommendedItems"] == [each["itemId"] for each in expected]
    assert answer["output"]["scores"] == [round(each["score"], 7) for each in expected]


def test_forms_by_recipe(cinema: Cinema) -> None:
    """Each type of recipe has its own members; only some have scores."""
    (ranked,) = cinema.batch("ranking", [{"userId": "u3", "itemList": ["new", "f2", "f3"]}])
    (popular,) = cinema.batch("popular", [{"userId": "u3"}], numResults=4)
    (related,) = cinema.batch("related", [{"itemId": "f2"}], numResults=4)

    assert ranked["output"]["recommendedItems"] == ["f3", "f2", "new"]
    assert sum(ranked["output"]["scores"]) == pytest.approx(1, abs=1e-6)
    assert [set(each["output"]) for each in (popular, related)] == [{"recommendedItems"}] * 2
    assert len(related["output"]["recommendedItems"]) == 4
    assert "f2" not in related["output"]["recommendedItems"]


def test_errors_of_lines(cinema: Cinema) -> None:
    """A line that cannot be answered has an error, and the others are answered."""
    lines = ['{"userId": "u1"}', "{", "[]", '{"itemId": "f1"}', '{"userId": 5}', "", '{"userId": "u2"}']

    answers = cinema.batch("v2", "\n".join(lines))

    errors = [answer["error"] for answer in answers]
    assert [errors[0], errors[-1]] == [None, None]
    assert [error.startswith("User error: ") for error in errors[1:-1]] == [True] * 4
    assert "userId" in errors[3]
    assert [answer["output"]["recommendedItems"] for answer in answers[1:-1]] == [[]] * 4


def test_filters_of_lines(cinema: Cinema) -> None:
    """The filter of a job gets its values from each line, and can use the item of the line."""
    before = cinema.filter("INCLUDE ItemID WHERE Items.YEAR < $YEAR")
    newer = cinema.filter("INCLUDE ItemID WHERE Items.YEAR > CurrentItem.YEAR")
    lines = [{"userId": "u2", "filterValues": {"YEAR": '"1954"'}}, {"userId": "u2"}]

    with_values, without = cinema.batch("v2", lines, filterArn=before)
    (related,) = cinema.batch("related", [{"itemId": "f35"}], filterArn=newer)

    assert sorted(with_values["output"]["recommendedItems"]) == ["f0", "f1", "f2", "f3"]
    assert "YEAR" in without["error"]
    assert sorted(related["output"]["recommendedItems"]) == ["f36", "f37", "f38", "f39"]


def test_segments(cinema: Cinema) -> None:
    """Users for an item or for attributes are those who watch such items; a filter keeps users."""
    gold = cinema.filter('INCLUDE UserID WHERE Users.TIER IN ("gold")')
    watchers = cinema.filter('INCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("none")')

    (by_item,) = cinema.batch("by-item", [{"itemId": "f2"}], numResults=20)
    (filtered,) = cinema.batch("by-item", [{"itemId": "f2"}], numResults=20, filterArn=gold)
    (nobody,) = cinema.batch("by-item", [{"itemId": "f2"}], filterArn=watchers)
    query = 'ITEMS.genres = "Drama" AND ITEMS.genres = "War"'
    by_attribute, wrong = cinema.batch("by-attribute", [{"itemAttributes": query}, {"itemAttributes": "genres"}])

    assert {int(user[1:]) % 2 for user in by_item["output"]["recommendedUsers"]} == {0}
    assert all(int(user[1:]) % 3 for user in filtered["output"]["recommendedUsers"])
    assert nobody["output"]["recommendedUsers"] == []
    assert by_attribute["itemAttributes"] == query
    assert {int(user[1:]) % 2 for user in by_attribute["output"]["recommendedUsers"]} == {1}
    assert (wrong["output"], wrong["error"][:10]) == ({"recommendedUsers": []}, "User error")


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ('ITEMS.year = "1954"', None),
        ('ITEMS.plot = "A plot"', "PLOT is a textual column"),
        ('ITEMS.genres = "War" AND ITEMS.colour = "red"', "no column COLOUR"),
    ],
)
def test_columns_of_segments(cinema: Cinema, query: str, why: str | None) -> None:
    """A query by attributes uses columns of the items that are numbers or categories (docs/service/2 §12)."""
    (answer,) = cinema.batch("by-attribute", [{"itemAttributes": query}])

    assert why in answer["error"] if why else answer["error"] is None


def test_themes(cinema: Cinema) -> None:
    """A themed line has a theme of the items' columns, and how much each item suits it, the best first."""
    (answer,) = cinema.batch("related", [{"itemId": "f2"}], numResults=6, **THEMES)

    scores = answer["output"]["itemsThemeRelevanceScores"]
    assert answer["output"]["theme"] == "Comedy"
    assert (len(scores), scores) == (6, sorted(scores, reverse=True))


@pytest.mark.parametrize(
    ("name", "lines", "more", "why"),
    [
        ("related", [{"itemId": "f1"}] * 101, THEMES, "more than 100 lines"),
        ("by-item", [{"itemId": "f1"}] * 501, {}, "more than 500 lines"),
        ("by-attribute", [{"itemAttributes": 'ITEMS.GENRES = "War"'}] * 11, {}, "more than 10 lines"),
    ],
)
def test_too_many_lines(cinema: Cinema, name: str, lines: list[Any], more: dict[str, Any], why: str) -> None:
    """A file with more lines than the quota fails the job (docs/service/3 §13.5)."""
    with pytest.raises(AssertionError, match=why):
        cinema.batch(name, lines, **more)


def test_refused_themes(cinema: Cinema) -> None:
    """Themes need the columns that they are made of (docs/service/2 §11.3)."""
    config = {"fieldsForThemeGeneration": {"itemName": "YEAR"}}

    code, message = refusal(
        cinema.start_batch, kind="inference", name="related", **{**THEMES, "themeGenerationConfig": config}
    )

    assert (code, "YEAR" in message) == ("InvalidInput", True)


def test_results_beside_their_input(cinema: Cinema) -> None:
    """A job can write beside its input; the next one with the same paths does not take the results for input."""
    folder = {"jobOutput": {"s3DataDestination": {"path": "s3://ask/"}}}
    for path in ["s3://ask/lines.json", "s3://ask/lines"]:
        cinema.account.emulator.put_bucket("ask", {"lines.json": '{"userId": "u1"}'})

        for _ in range(2):
            cinema.start_batch("inference", "v2", jobInput={"s3DataSource": {"path": path}}, **folder)
            cinema.clock.pass_time(hours=2)
            cinema.account.personalize.list_batch_inference_jobs()

        keys = [found["Key"] for found in cinema.account.s3.list_objects_v2(Bucket="ask")["Contents"]]
        assert keys == ["_CHECK", "lines.json", "lines.json.out"]


@pytest.mark.parametrize(
    ("kind", "name", "expression", "words"),
    [
        ("inference", "v2", "INCLUDE ItemID WHERE Items.YEAR > CurrentItem.YEAR", "only related-items recipes"),
        ("inference", "v2", "INCLUDE UserID WHERE Users.AGE > 18", "of ItemID, not of UserID"),
        ("segment", "by-item", "INCLUDE ItemID WHERE Items.YEAR > 1950", "of UserID, not of ItemID"),
        (
            "segment",
            "by-attribute",
            'EXCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("watch")',
            "no filters that use Interactions",
        ),
    ],
)
def test_filters_that_do_not_fit_the_recipe(cinema: Cinema, kind: str, name: str, expression: str, words: str) -> None:
    """A job cannot use a filter that its recipe does not take (docs/service/3 §4.3)."""
    code, message = refusal(cinema.start_batch, kind=kind, name=name, filterArn=cinema.filter(expression))

    assert (code, words in message) == ("InvalidInput", True), message


def test_filters_of_other_groups(cinema: Cinema) -> None:
    """A job cannot use the filter of another dataset group."""
    foreign = cinema.filter("INCLUDE ItemID WHERE Items.YEAR > 1", cinema.domain)

    code, message = refusal(cinema.start_batch, kind="inference", name="v2", filterArn=foreign)

    assert (code, "another dataset group" in message) == ("InvalidInput", True)
