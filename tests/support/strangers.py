"""What others have in an account: objects of nobody, of another project, and of another target of ours."""

from __future__ import annotations

from typing import Any

from personalize_gitops.model.tags import ADDRESS, PROJECT
from tests.support.world import World


def make_strangers(world: World) -> None:
    """Create objects whose names are like those of `tests.support.every`."""

    def make(kind: str, name: str, owner: str, **attributes: Any) -> str:
        tags = {PROJECT: owner, ADDRESS: f"{kind}/{name.removesuffix('-2')}"} if owner else {}
        arn = world.cloud.create(world.kinds[kind], name, attributes, tags)
        world.clock.sleep(600)
        return arn

    columns = [{"name": "ITEM_ID", "type": "string"}, {"name": "YEAR", "type": "int"}]
    avro = {"type": "record", "name": "Items", "namespace": "com.amazonaws.personalize.schema", "version": "1.0"}
    schema = make("Schema", "items-2", "", schema={**avro, "fields": columns})
    group = make("DatasetGroup", "shop-2", "other/local")
    make("Dataset", "items-2", "every/staging", datasetGroup=group, datasetType="Items", schema=schema)
    recipe = "arn:aws:personalize:::recipe/aws-similar-items"
    for name, owner in (("home-2", ""), ("rank", "other/local"), ("lookalikes-2", "every/staging")):
        make("Solution", name, owner, datasetGroup=group, recipe=recipe, performAutoTraining=False)
    for name, owner in (("fresh-2", ""), ("rank", "every/staging")):
        make("Filter", name, owner, datasetGroup=group, filterExpression="INCLUDE ItemID WHERE Items.YEAR > 2000")
