"""A project with one import of interactions, whose files the tests write."""

from __future__ import annotations

LOCAL = "kind: Project\nname: shop\nspec: {targets: {local: {emulator: {buckets: {shop: ../data}}}}}\n"
SHOP = """
kind: DatasetGroup
name: shop
spec: {}
---
kind: Schema
name: events
spec:
  schema:
    type: record
    name: Interactions
    namespace: com.amazonaws.personalize.schema
    version: "1.0"
    fields:
      - {name: USER_ID, type: string}
      - {name: ITEM_ID, type: string}
      - {name: EVENT_TYPE, type: string}
      - {name: TIMESTAMP, type: long}
---
kind: Dataset
name: events
spec: {datasetGroup: shop, datasetType: Interactions, schema: events}
---
kind: DatasetImportJob
name: events
spec:
  dataset: events
  roleArn: arn:aws:iam::123456789012:role/personalize
  dataSource: {dataLocation: s3://shop/events/}
"""
