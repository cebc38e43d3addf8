"""Metric attributions count events and report them to S3 and CloudWatch (docs/service/3 §5)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.emulator import Emulator

from .account import ITEMS, ROLE, Account, avro, client, interactions_csv
from .clock import Clock

EVENTS = avro(
    "Interactions",
    "USER_ID",
    "ITEM_ID",
    {"name": "TIMESTAMP", "type": "long"},
    "EVENT_TYPE",
    {"name": "EVENT_VALUE", "type": ["null", "float"]},
    {"name": "EVENT_ATTRIBUTION_SOURCE", "type": ["null", "string"]},
)
METRICS = [
    {"eventType": "watch", "metricName": "watches", "expression": "SAMPLECOUNT()"},
    {"eventType": "watch", "metricName": "minutes", "expression": "SUM(Interactions.EVENT_VALUE)"},
    {"eventType": "buy", "metricName": "income", "expression": "SUM(Items.PRICE)"},
]
HEADER = "METRIC_NAME,EVENT_TYPE,VALUE,MATH_FUNCTION,EVENT_ATTRIBUTION_SOURCE,TIMESTAMP"


class Shop:
    """A group with a tracker, items with prices, and an attribution that reports to a bucket."""

    def __init__(self, account: Account, path: str = "s3://reports/here/") -> None:
        self.account = account
        account.emulator.put_bucket("reports")
        self.group = account.group()
        self.interactions = account.dataset(self.group, text=EVENTS)
        items = account.dataset(self.group, "Items", ITEMS)
        account.imported(items, "ITEM_ID,GENRES,PRICE\ni1,a,2.5\ni2,b,4\n", "items")
        tracker = account.personalize.create_event_tracker(name="t", datasetGroupArn=self.group)
        self.tracking_id = tracker["trackingId"]
        account.personalize.create_metric_attribution(
            name="m",
            datasetGroupArn=self.group,
            metrics=METRICS,
            metricsOutputConfig={"roleArn": ROLE, "s3DataDestination": {"path": path}},
        )
        account.settle()
        self.window = int(account.clock.time) // 900 * 900

    def put(self, kind: str = "watch", item: str = "i1", source: str | None = None, **more: Any) -> None:
        event = {"eventType": kind, "itemId": item, "sentAt": int(self.account.clock.time), **more}
        if source is not None:
            event["metricAttribution"] = {"eventAttributionSource": source}
        client("personalize-events", self.account.endpoint).put_events(
            trackingId=self.tracking_id, sessionId="s", userId="u", eventList=[event]
        )

    def end_of_window(self) -> None:
        """Let the window end. In process, only requests to Personalize make what is due happen."""
        self.account.clock.pass_time(minutes=15)
        self.account.emulator.catch_up()

    def reports(self) -> dict[str, list[str]]:
        """The lines after the header of each report, by the part of its key that names the method."""
        listed = self.account.s3.list_objects_v2(Bucket="reports").get("Contents", [])
        found = {}
        for key in (each["Key"] for each in listed):
            header, *lines = self.account.s3.get_object(Bucket="reports", Key=key)["Body"].read().decode().splitlines()
            assert header == HEADER
            assert key.startswith("here/AggregatedAttributionMetrics - ")
            found[key.split(" - ")[1]] = lines
        return found


@pytest.fixture
def shop(account: Account) -> Shop:
    return Shop(account)


def test_streamed_events(shop: Shop) -> None:
    """Events are counted and summed by metric, source and window, and reported once the window is over."""
    shop.put(source="app", eventValue=2.5, eventId="1")
    shop.put(source="app", eventValue=4, eventId="2")
    shop.put(source="app", eventValue=4, eventId="2")  # a duplicate
    shop.put("Watch", item="i2")
    shop.put("buy", item="i2", source="app")
    shop.put("click", source="app")
    assert shop.reports() == {}

    shop.end_of_window()

    at = shop.window
    assert shop.reports() == {
        "PUT": [
            f"income,buy,4.0,sum,app,{at}",
            f"minutes,watch,0.0,sum,SOURCE_NAME_UNDEFINED,{at}",
            f"minutes,watch,6.5,sum,app,{at}",
            f"watches,watch,1.0,samplecount,SOURCE_NAME_UNDEFINED,{at}",
            f"watches,watch,2.0,samplecount,app,{at}",
        ]
    }


def test_cloud_watch(shop: Shop) -> None:
    """CloudWatch has the sums by source of event; events of 14 days ago and older are left out."""
    now = int(shop.account.clock.time)
    for source in ("app", "app", "mail"):
        shop.put(source=source, eventId=f"{source}{shop.account.clock.time}")
        shop.account.clock.pass_time(seconds=1)
    shop.put(source="app", sentAt=now - 15 * 86400)
    shop.end_of_window()

    found = client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Personalize",
        MetricName="watches",
        Dimensions=[{"Name": "EventAttributionSource", "Value": "app"}],
        StartTime=datetime.fromtimestamp(now - 30 * 86400, UTC),
        EndTime=datetime.fromtimestamp(now + 3600, UTC),
        Period=900,
        Statistics=["Sum"],
    )

    assert [each["Sum"] for each in found["Datapoints"]] == [2.0]


@pytest.mark.parametrize("wanted", [True, False])
def test_imports(shop: Shop, *, wanted: bool) -> None:
    """An import is reported to S3 only if it asks for it; its events have the sources of the file."""
    rows = (f"{line},3,{'app' if at % 2 else ''}" for at, line in enumerate(interactions_csv().splitlines()[1:]))
    text = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE,EVENT_ATTRIBUTION_SOURCE\n" + "\n".join(rows)
    shop.account.emulator.put_bucket("input", {"events.csv": text})
    shop.account.personalize.create_dataset_import_job(
        jobName="events",
        datasetArn=shop.interactions,
        dataSource={"dataLocation": "s3://input/events.csv"},
        roleArn=ROLE,
        publishAttributionMetricsToS3=wanted,
    )
    shop.account.settle()
    shop.account.emulator.catch_up()

    found = shop.reports()

    assert set(found) == ({"FULL"} if wanted else set())
    cells = [line.split(",") for line in found.get("FULL", ())]
    totals = {(name, source): 0.0 for name, _, _, _, source, _ in cells}
    for name, _, value, _, source, window in cells:
        assert int(window) % 900 == 0
        totals[name, source] += float(value)
    expected = {("watches", "app"): 600, ("watches", "SOURCE_NAME_UNDEFINED"): 600}
    expected |= {("minutes", source): 3 * value for (_, source), value in expected.items()}
    assert totals == (expected if wanted else {})


def test_counts_outlive_a_restart(account: Account, clock: Clock, tmp_path: Path) -> None:
    """What was counted is part of the saved state, and reported after it was loaded."""
    shop = Shop(account)
    shop.put(source="app")
    account.emulator.save(tmp_path)

    with Emulator(clock.now).started() as emulator:
        emulator.load(tmp_path)
        shop.account = Account(emulator, clock)
        shop.end_of_window()
        assert f"watches,watch,1.0,samplecount,app,{shop.window}" in shop.reports()["PUT"]


def test_more_sources_than_the_quota(clock: Clock) -> None:
    """Events of sources beyond the quota are not counted, whenever they come."""
    with Emulator(clock.now, quotas={"event sources of an attribution": 2}).started() as emulator:
        shop = Shop(Account(emulator, clock))
        for source in ("a", "b", "c"):
            shop.put(source=source, eventId=source)
        shop.end_of_window()
        shop.put(source="c", eventId="later")
        shop.end_of_window()

        found = shop.reports()["PUT"]

    assert {line.split(",")[4] for line in found} == {"a", "b"}


def test_over_http(clock: Clock) -> None:
    """A client of the server that only asks S3 finds the report once its time has come."""
    emulator = Emulator(clock.now)
    with emulator.serve(port=0) as server:
        shop = Shop(Account(emulator, clock, server.url))
        shop.put(source="app")
        clock.pass_time(minutes=15)

        assert set(shop.reports()) == {"PUT"}


def test_a_folder_without_a_bucket(account: Account) -> None:
    """A report that cannot be written is lost; events are still accepted."""
    shop = Shop(account, "s3://elsewhere/here/")
    shop.put()
    shop.end_of_window()
    shop.put()

    assert shop.reports() == {}
