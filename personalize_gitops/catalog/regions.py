"""The regions of the service, and those that have themes (docs/service/4 §5, docs/service/2 §11.3)."""

REGIONS = (
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "cn-north-1",
    "eu-central-1",
    "eu-west-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
)
THEME_REGIONS = ("ap-northeast-1", "us-east-1", "us-west-2")
