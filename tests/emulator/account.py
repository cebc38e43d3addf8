"""An emulated account for tests: boto3 clients, a clock, and functions that create resources."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from personalize_gitops.emulator import Emulator

from .clock import Clock

REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/personalize"
RECIPE = "arn:aws:personalize:::recipe/aws-user-personalization"
RECIPE_V2 = "arn:aws:personalize:::recipe/aws-user-personalization-v2"
HEADER = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE"


def avro(name: str, *fields: Mapping[str, Any] | str) -> str:
    """A schema; a field given by name only is a string."""
    written = [{"name": field, "type": "string"} if isinstance(field, str) else field for field in fields]
    return json.dumps(
        {
            "type": "record",
            "name": name,
            "namespace": "com.amazonaws.personalize.schema",
            "fields": written,
            "version": "1.0",
        }
    )


INTERACTIONS = avro("Interactions", "USER_ID", "ITEM_ID", {"name": "TIMESTAMP", "type": "long"}, "EVENT_TYPE")
ITEMS = avro(
    "Items",
    "ITEM_ID",
    {"name": "GENRES", "type": ["null", "string"], "categorical": True},
    {"name": "PRICE", "type": "float"},
)
USERS = avro("Users", "USER_ID", {"name": "AGE", "type": ["null", "int"]})


def interactions_csv(count: int = 1200, users: int = 60, event: str = "watch") -> str:
    """CSV with a number of interactions, spread evenly over the users."""
    rows = (f"u{number % users},i{number % 37},{1_700_000_000 + number},{event}" for number in range(count))
    return "\n".join([HEADER, *rows]) + "\n"


class Account:
    """The account of one started emulator."""

    def __init__(self, emulator: Emulator, clock: Clock, endpoint: str | None = None) -> None:
        self.emulator = emulator
        self.clock = clock
        self.endpoint = endpoint
        self.personalize = client("personalize", endpoint)
        self.s3 = client("s3", endpoint)

    def settle(self) -> None:
        """Let enough time pass for every transition that trains nothing, but not for an automatic training."""
        self.clock.pass_time(minutes=25)

    def train(self) -> None:
        """Let enough time pass for a training, or for a new recommender."""
        self.clock.pass_time(minutes=50)

    def schema(self, name: str = "interactions", text: str = INTERACTIONS, **more: Any) -> str:
        return str(self.personalize.create_schema(name=name, schema=text, **more)["schemaArn"])

    def group(self, name: str = "shop", **more: Any) -> str:
        arn = self.personalize.create_dataset_group(name=name, **more)["datasetGroupArn"]
        self.settle()
        return str(arn)

    def dataset(self, group: str, type_: str = "Interactions", text: str = INTERACTIONS, **more: Any) -> str:
        schema = self.schema(f"{group.rpartition('/')[2]}-{type_}", text, **more)
        created = self.personalize.create_dataset(
            name=f"{type_}-data", schemaArn=schema, datasetGroupArn=group, datasetType=type_
        )
        self.settle()
        return str(created["datasetArn"])

    def start_import(self, dataset: str, content: str, name: str = "first", mode: str = "FULL") -> str:
        """Start an import of this CSV."""
        bucket = f"bucket-{name}"
        self.emulator.put_bucket(bucket, {"data.csv": content})
        created = self.personalize.create_dataset_import_job(
            jobName=name,
            datasetArn=dataset,
            dataSource={"dataLocation": f"s3://{bucket}/data.csv"},
            roleArn=ROLE,
            importMode=mode,
        )
        return str(created["datasetImportJobArn"])

    def imported(self, dataset: str, content: str, name: str = "first", mode: str = "FULL") -> dict[str, Any]:
        """The finished import of this CSV."""
        arn = self.start_import(dataset, content, name, mode)
        self.settle()
        return dict(self.personalize.describe_dataset_import_job(datasetImportJobArn=arn)["datasetImportJob"])

    def filled_group(self, name: str = "shop") -> str:
        """A group with enough interactions for training."""
        group = self.group(name)
        self.imported(self.dataset(group), interactions_csv(), f"{name}-data")
        return group

    def solution(self, group: str, name: str = "rank", **more: Any) -> str:
        request = {"recipeArn": RECIPE, "performAutoTraining": False, **more}
        arn = self.personalize.create_solution(name=name, datasetGroupArn=group, **request)["solutionArn"]
        self.settle()
        return str(arn)

    def version(self, solution: str, **more: Any) -> str:
        arn = self.personalize.create_solution_version(solutionArn=solution, **more)["solutionVersionArn"]
        self.clock.pass_time(hours=1)
        return str(arn)

    def campaign(self, version: str, name: str = "home", **more: Any) -> str:
        arn = self.personalize.create_campaign(name=name, solutionVersionArn=version, **more)["campaignArn"]
        self.settle()
        return str(arn)

    def served(self) -> tuple[str, str, str]:
        """A solution, its version and a campaign, all ACTIVE."""
        solution = self.solution(self.filled_group())
        version = self.version(solution)
        return solution, version, self.campaign(version)

    def status(self, arn: str) -> str:
        """The status of a resource of any kind that has one."""
        path = arn.split(":")[5].split("/")
        noun = "solution_version" if path[0] == "solution" and len(path) == 3 else path[0].replace("-", "_")
        camel = noun.split("_")[0] + "".join(word.capitalize() for word in noun.split("_")[1:])
        answer = getattr(self.personalize, f"describe_{noun}")(**{f"{camel}Arn": arn})
        return str(answer[camel]["status"])


@cache
def client(service: str, endpoint: str | None = None, region: str = REGION) -> Any:
    """A boto3 client with made-up credentials, shared by all tests, because creating one is slow."""
    make: Any = boto3.client  # has no types of its own
    return make(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}),
    )


def assumed(service: str, credentials: Mapping[str, Any], endpoint: str | None = None, region: str = REGION) -> Any:
    """A boto3 client with credentials from AssumeRole."""
    make: Any = boto3.client
    return make(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        config=Config(retries={"total_max_attempts": 1}),
    )
