"""A small cinema that answers requests: one custom and one domain group, with campaigns and recommenders.

Sixty users and forty films. Even users watch even films, odd users odd ones; even films are comedies, odd ones dramas.
"""

import json
from collections.abc import Mapping
from typing import Any

from personalize_gitops.emulator import Emulator

from .account import RECIPE, ROLE, Account, avro, client
from .clock import Clock
from .refusals import refusal

PREFIX = RECIPE.rpartition("/")[0]
CUSTOM = {
    "v2": "aws-user-personalization-v2",
    "v1": "aws-user-personalization",
    "ranking": "aws-personalized-ranking",
    "related": "aws-similar-items",
    "popular": "aws-popularity-count",
    "actions": "aws-next-best-action",
}
SEGMENTS = {"by-item": "aws-item-affinity", "by-attribute": "aws-item-attribute-affinity"}
DOMAIN = {
    "top": "aws-vod-top-picks",
    "trending": "aws-vod-trending-now",
    "like": "aws-vod-more-like-x",
}
EVENTS = avro(
    "Interactions",
    "USER_ID",
    "ITEM_ID",
    {"name": "TIMESTAMP", "type": "long"},
    "EVENT_TYPE",
    {"name": "DEVICE", "type": ["null", "string"], "categorical": True},
    {"name": "EVENT_ATTRIBUTION_SOURCE", "type": ["null", "string"]},
    {"name": "RECOMMENDATION_ID", "type": ["null", "string"]},
    {"name": "IMPRESSION", "type": ["null", "string"]},
)
WATCHED = avro("Interactions", "USER_ID", "ITEM_ID", {"name": "TIMESTAMP", "type": "long"}, "EVENT_TYPE")
FILMS = avro(
    "Items",
    "ITEM_ID",
    {"name": "GENRES", "type": "string", "categorical": True},
    {"name": "CREATION_TIMESTAMP", "type": "long"},
    {"name": "TITLE", "type": ["null", "string"]},
    {"name": "YEAR", "type": ["null", "int"]},
    {"name": "PLOT", "type": ["null", "string"], "textual": True},
)
PEOPLE = avro("Users", "USER_ID", {"name": "AGE", "type": ["null", "int"]}, {"name": "TIER", "type": "string"})
OFFERS = avro(
    "Actions",
    "ACTION_ID",
    {"name": "VALUE", "type": ["null", "long"]},
    {"name": "KIND", "type": "string"},
    {"name": "ACTION_EXPIRATION_TIMESTAMP", "type": ["null", "long"]},
)
DONE = avro("ActionInteractions", "USER_ID", "ACTION_ID", {"name": "TIMESTAMP", "type": "long"}, "EVENT_TYPE")
# Without exploration, so that equal histories give equal answers.
CONFIG = {"enableMetadataWithRecommendations": True, "itemExplorationConfig": {"explorationWeight": "0"}}
QUOTAS = {"Campaign": 50, "Filter": 100, "distinct fields over all filters": 100}
START, COUNT, USERS, ITEMS = 1_700_000_000, 1200, 60, 40


def events_csv() -> str:
    """Every user watches ten films of one kind, each twice."""
    rows = []
    for number in range(COUNT):
        user, step = number % USERS, number // USERS
        film = user % 2 + 2 * ((user // 2 + step % 10) % (ITEMS // 2))
        rows.append(f"u{user},f{film},{START + number},{'watch' if step % 4 else 'click'}")
    return "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\n" + "\n".join(rows) + "\n"


def films_csv() -> str:
    rows = (f"f{n},{'Drama|War' if n % 2 else 'Comedy'},{START},Film {n},{1950 + n},A plot" for n in range(ITEMS))
    return "ITEM_ID,GENRES,CREATION_TIMESTAMP,TITLE,YEAR,PLOT\n" + "\n".join(rows) + "\n"


class Cinema:
    """The groups, and calls of the runtime and events services."""

    def __init__(self, emulator: Emulator, clock: Clock) -> None:
        self.account = account = Account(emulator, clock)
        self.clock = clock
        self.runtime, self.events = client("personalize-runtime"), client("personalize-events")
        self.group = account.group("custom")
        self.interactions = account.dataset(self.group, text=EVENTS)
        self.films = account.dataset(self.group, "Items", FILMS)
        self.people = account.dataset(self.group, "Users", PEOPLE)
        self.offers = account.dataset(self.group, "Actions", OFFERS)
        self.done = account.dataset(self.group, "Action_Interactions", DONE)
        account.imported(self.interactions, _with_more(events_csv()), "events")
        account.imported(self.films, films_csv(), "films")
        people = "".join(f"u{n},{10 + n},{'gold' if n % 3 else 'basic'}\n" for n in range(USERS))
        account.imported(self.people, f"USER_ID,AGE,TIER\n{people}", "people")
        self.expires = int(clock.time) + 30 * 86_400  # when action a8 does
        offers = "".join(f"a{n},{n + 1},k{n % 2},{self.expires if n == 8 else ''}\n" for n in range(9))
        account.imported(self.offers, f"ACTION_ID,VALUE,KIND,ACTION_EXPIRATION_TIMESTAMP\n{offers}", "offers")
        account.settle()
        made = account.personalize.create_event_tracker(name="tracker", datasetGroupArn=self.group)
        self.tracking_id = made["trackingId"]
        self.versions = {
            name: account.version(account.solution(self.group, name, recipeArn=f"{PREFIX}/{recipe}"))
            for name, recipe in CUSTOM.items()
        }
        self.arns = {
            name: account.campaign(version, name, campaignConfig=CONFIG if name == "v1" else {})
            for name, version in self.versions.items()
        }
        self.versions |= {
            name: account.version(account.solution(self.group, name, recipeArn=f"{PREFIX}/{recipe}"))
            for name, recipe in SEGMENTS.items()
        }
        self._domain()
        self.filters: dict[str, str] = {}

    def _domain(self) -> None:
        account = self.account
        self.domain = account.group("domain", domain="VIDEO_ON_DEMAND")
        watched = account.dataset(self.domain, text=WATCHED, domain="VIDEO_ON_DEMAND")
        films = account.dataset(self.domain, "Items", FILMS, domain="VIDEO_ON_DEMAND")
        account.imported(watched, events_csv().replace(",watch", ",Watch"), "watched")
        account.imported(films, films_csv(), "domain-films")
        for name, recipe in DOMAIN.items():
            made = account.personalize.create_recommender(
                name=name, datasetGroupArn=self.domain, recipeArn=f"{PREFIX}/{recipe}"
            )
            self.arns[name] = made["recommenderArn"]
        account.train()

    def train(self) -> None:
        """Ask everything once, so that a saved state has the models."""
        for name in self.arns:
            if name == "ranking":
                self.rank(["f1"])
            elif name == "actions":
                self.act()
            else:
                self.ask(name, userId="u1", itemId="f1")

    def taken_over_by(self, emulator: Emulator, clock: Clock) -> "Cinema":
        """Return the same cinema in an emulator that has loaded it."""
        copy = object.__new__(Cinema)
        copy.__dict__ = {**self.__dict__, "account": Account(emulator, clock), "clock": clock, "filters": {}}
        return copy

    def rank(self, items: list[str], user: str = "u1", **more: Any) -> list[dict[str, Any]]:
        """The results of GetPersonalizedRanking."""
        request = {"campaignArn": self.arns["ranking"], "userId": user, "inputList": items, **more}
        return list(self.runtime.get_personalized_ranking(**request)["personalizedRanking"])

    def act(self, user: str = "u1", **more: Any) -> list[dict[str, Any]]:
        """The results of GetActionRecommendations."""
        request = {"campaignArn": self.arns["actions"], "userId": user, **more}
        return list(self.runtime.get_action_recommendations(**request)["actionList"])

    def batch(self, name: str, lines: list[Any] | str, **more: Any) -> list[dict[str, Any]]:
        """The output lines of a finished batch job."""
        kind = "segment" if name in SEGMENTS else "inference"
        text = lines if isinstance(lines, str) else "\n".join(map(json.dumps, lines))
        self.account.emulator.put_bucket("ask", {"lines.json": text})
        self.account.emulator.put_bucket("answers")
        arn = next(iter(self.start_batch(kind, name, **more).values()))
        self.clock.pass_time(hours=2)
        assert self.account.status(arn) == "ACTIVE", self.why(kind, arn)
        body = self.account.s3.get_object(Bucket="answers", Key="done/lines.json.out")["Body"].read().decode()
        return [json.loads(line) for line in body.splitlines()]

    def start_batch(self, kind: str, name: str, **more: Any) -> dict[str, Any]:
        create = getattr(self.account.personalize, f"create_batch_{kind}_job")
        request = {
            "jobName": f"{name}-{int(self.clock.time)}",
            "solutionVersionArn": self.versions[name],
            "roleArn": ROLE,
            "jobInput": {"s3DataSource": {"path": "s3://ask/lines"}},
            "jobOutput": {"s3DataDestination": {"path": "s3://answers/done/"}},
            **more,
        }
        return {key: value for key, value in create(**request).items() if key.endswith("Arn")}

    def why(self, kind: str, arn: str) -> str:
        """Why a batch job failed."""
        describe = getattr(self.account.personalize, f"describe_batch_{kind}_job")
        key = f"batch{kind.capitalize()}Job"
        return str(describe(**{f"{key}Arn": arn})[key].get("failureReason"))

    def request(self, name: str, **more: Any) -> dict[str, Any]:
        member = "recommenderArn" if name in DOMAIN else "campaignArn"
        return {member: self.arns[name], **more}

    def ask(self, name: str, **more: Any) -> list[dict[str, Any]]:
        """The results of GetRecommendations."""
        return list(self.runtime.get_recommendations(**self.request(name, **more))["itemList"])

    def items(self, name: str, **more: Any) -> list[str]:
        return [each["itemId"] for each in self.ask(name, **more)]

    def refused(self, name: str, **more: Any) -> tuple[str, str]:
        """The code and message of a refused GetRecommendations."""
        return refusal(self.runtime.get_recommendations, **self.request(name, **more))

    def filter(self, expression: str, group: str = "") -> str:
        """A filter with an expression, made once."""
        if expression not in self.filters:
            name = f"f{len(self.filters)}"
            made = self.account.personalize.create_filter(
                name=name, datasetGroupArn=group or self.group, filterExpression=expression
            )
            self.filters[expression] = made["filterArn"]
            self.clock.pass_time(minutes=5)
        return self.filters[expression]

    def put(self, *items: str, session: str, user: str | None = None, kind: str = "watch", **more: Any) -> None:
        """Send one event for each item, and let them be seen."""
        base = {"eventType": kind, "sentAt": int(self.clock.time), **more}
        listed = [{**base, "itemId": item, "sentAt": base["sentAt"] + at} for at, item in enumerate(items)]
        who: Mapping[str, str] = {} if user is None else {"userId": user}
        for start in range(0, len(listed), 10):
            self.events.put_events(
                trackingId=self.tracking_id, sessionId=session, eventList=listed[start : start + 10], **who
            )
        self.clock.pass_time(seconds=2)

    def put_film(self, item: str, **properties: Any) -> None:
        """Put one item, and let filters see it."""
        given = {"creationTimestamp": START, **properties}
        self.events.put_items(datasetArn=self.films, items=[{"itemId": item, "properties": json.dumps(given)}])
        self.clock.pass_time(minutes=20)


def _with_more(text: str) -> str:
    """Add the columns that only events have."""
    header, *rows = text.splitlines()
    more = "DEVICE,EVENT_ATTRIBUTION_SOURCE,RECOMMENDATION_ID,IMPRESSION"
    lines = (f"{row},{'phone' if at % 2 else 'tv'},,," for at, row in enumerate(rows))
    return "\n".join((f"{header},{more}", *lines)) + "\n"
