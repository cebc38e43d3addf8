"""The models of the local Personalize: trained on columns, asked one question at a time.

    values        what goes in: training data, configuration, questions
    column        one column of the data
    families      which family of models a recipe has; train, load and measure by recipe
    log           interactions as arrays
    content       items by their metadata
    ranking       what comes out: ids, best first, with scores
    arrays        models as bytes
    popularity, trending, blend, similar, actions, segments
                  one family each
    blend_model, sources, parts, tuning, history, exploring
                  what the blend consists of
    metrics       the definitions of the offline metrics
    splitting     training and test
    evaluation, action_metrics, segment_metrics, trend_metrics
                  the metrics of a family

Nothing here knows resources, regions or requests. numpy and scipy are loaded by the first training or answer, never by
an import of this package: only `column`, `values` and `families` are imported with it.

    model = train(configuration, data)          # the same data and configuration give the same bytes
    content = model.to_bytes()
    model = load("aws-user-personalization", content)
    ranking = model.answer(Question(user="u1"))
    ranking.best(25, keep)                      # `keep` is a filter: it returns those of some ids that pass
"""

from personalize_gitops.emulator.models.column import Column
from personalize_gitops.emulator.models.families import FAMILIES, Family, Model, family_of, load, measure, train
from personalize_gitops.emulator.models.values import (
    ANY_EVENT,
    Columns,
    Configuration,
    Event,
    EventRule,
    Exploration,
    Feature,
    Objective,
    Question,
    TrainingData,
    Use,
)

__all__ = [
    "ANY_EVENT",
    "FAMILIES",
    "Column",
    "Columns",
    "Configuration",
    "Event",
    "EventRule",
    "Exploration",
    "Family",
    "Feature",
    "Model",
    "Objective",
    "Question",
    "TrainingData",
    "Use",
    "family_of",
    "load",
    "measure",
    "train",
]
