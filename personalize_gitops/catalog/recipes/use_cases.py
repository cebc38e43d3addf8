"""The use cases for recommenders, five for each domain: docs/service/1 §12.

Their recipe types and algorithms are not documented. The type is inferred from requests: RELATED_ITEMS if they contain
an item, POPULAR_ITEMS if every user gets the same list, USER_PERSONALIZATION otherwise. The algorithm is unknown.
"""

from personalize_gitops.catalog.datasets import DatasetType, Domain
from personalize_gitops.catalog.recipes.recipe import Exploration, IdUse, Recipe, RecipeType
from personalize_gitops.catalog.recipes.shared_parameters import EXPLORATION

_ITEMS_AND_USERS = (DatasetType.ITEMS, DatasetType.USERS)

_VIDEO_ON_DEMAND = (
    Recipe(
        name="aws-vod-because-you-watched-x",
        title="Because you watched X",
        type=RecipeType.RELATED_ITEMS,
        domain=Domain.VIDEO_ON_DEMAND,
        description="Videos that viewers of a given video watched too.",
        source="docs/service/1 §12.1",
        item_id=IdUse.REQUIRED,
        needs_events=("Watch",),
        removes_event="Watch",
    ),
    Recipe(
        name="aws-vod-more-like-x",
        title="More like X",
        type=RecipeType.RELATED_ITEMS,
        domain=Domain.VIDEO_ON_DEMAND,
        description="Videos like a given video.",
        source="docs/service/1 §12.1",
        required_datasets=(DatasetType.INTERACTIONS, DatasetType.ITEMS),
        item_id=IdUse.REQUIRED,
        advised_events=("Watch", "Click"),
        removes_event="Watch",
    ),
    Recipe(
        name="aws-vod-most-popular",
        title="Most popular",
        type=RecipeType.POPULAR_ITEMS,
        domain=Domain.VIDEO_ON_DEMAND,
        description="The videos most users watched.",
        source="docs/service/1 §12.1",
        needs_events=("Watch",),
    ),
    Recipe(
        name="aws-vod-trending-now",
        title="Trending now",
        type=RecipeType.POPULAR_ITEMS,
        domain=Domain.VIDEO_ON_DEMAND,
        description="Videos whose popularity grows fastest, looked at again every two hours.",
        source="docs/service/1 §12.1",
        user_id=IdUse.IF_FILTERED,
    ),
    Recipe(
        name="aws-vod-top-picks",
        title="Top picks for you",
        type=RecipeType.USER_PERSONALIZATION,
        domain=Domain.VIDEO_ON_DEMAND,
        description="Videos chosen for one user.",
        source="docs/service/1 §12.1",
        optional_datasets=_ITEMS_AND_USERS,
        parameters=EXPLORATION,
        advised_events=("Click", "Watch"),
        removes_event="Watch",
        exploration=Exploration.CONFIGURABLE,
        automatic_update=True,
        follows_events=True,
        uses_context=True,
    ),
)

_ECOMMERCE = (
    Recipe(
        name="aws-ecomm-popular-items-by-views",
        title="Most viewed",
        type=RecipeType.POPULAR_ITEMS,
        domain=Domain.ECOMMERCE,
        description="The items most users viewed.",
        source="docs/service/1 §12.2",
        needs_events=("View",),
    ),
    Recipe(
        name="aws-ecomm-popular-items-by-purchases",
        title="Best sellers",
        type=RecipeType.POPULAR_ITEMS,
        domain=Domain.ECOMMERCE,
        description="The items most users bought.",
        source="docs/service/1 §12.2",
        needs_events=("Purchase",),
    ),
    Recipe(
        name="aws-ecomm-frequently-bought-together",
        title="Frequently bought together",
        type=RecipeType.RELATED_ITEMS,
        domain=Domain.ECOMMERCE,
        description="Items bought along with a given item.",
        source="docs/service/1 §12.2",
        user_id=IdUse.IF_FILTERED,
        item_id=IdUse.REQUIRED,
        needs_events=("Purchase",),
    ),
    Recipe(
        name="aws-ecomm-customers-who-viewed-x-also-viewed",
        title="Customers who viewed X also viewed",
        type=RecipeType.RELATED_ITEMS,
        domain=Domain.ECOMMERCE,
        description="Items that viewers of a given item viewed too.",
        source="docs/service/1 §12.2",
        item_id=IdUse.REQUIRED,
        needs_events=("View",),
        advised_events=("Purchase",),
        removes_event="Purchase",
    ),
    Recipe(
        name="aws-ecomm-recommended-for-you",
        title="Recommended for you",
        type=RecipeType.USER_PERSONALIZATION,
        domain=Domain.ECOMMERCE,
        description="Items chosen for one user.",
        source="docs/service/1 §12.2",
        optional_datasets=_ITEMS_AND_USERS,
        parameters=EXPLORATION,
        advised_events=("View", "Purchase"),
        removes_event="Purchase",
        exploration=Exploration.CONFIGURABLE,
        automatic_update=True,
        follows_events=True,
        uses_context=True,
    ),
)

USE_CASES = (*_VIDEO_ON_DEMAND, *_ECOMMERCE)
