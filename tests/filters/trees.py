"""Any tree of the grammar."""

from hypothesis import strategies as st

from personalize_gitops.filters.syntax import (
    Action,
    Clause,
    Condition,
    Connective,
    Dataset,
    DatasetField,
    Expression,
    FilterExpression,
    ItemField,
    Number,
    Operator,
    Parameter,
    Target,
    Text,
    UserField,
    Values,
)

_names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: name.casefold() not in ("include", "exclude", "where", "and", "or", "if", "in", "not")
)
_literals = st.one_of(
    st.builds(Text, st.text(max_size=8).filter(lambda text: '"' not in text and not text.endswith("\\"))),
    st.builds(Number, st.integers(-999, 999).map(str) | st.sampled_from(["0.5", "-12.25"])),
    st.builds(Parameter, st.from_regex(r"[A-Za-z0-9_]{1,8}", fullmatch=True)),
)
_subjects = st.one_of(
    st.builds(DatasetField, st.sampled_from(Dataset), _names),
    st.builds(UserField, _names),
    st.builds(ItemField, _names),
)
_lists = st.builds(Values, st.lists(_literals, min_size=1, max_size=3).map(tuple))
_conditions = st.one_of(
    st.builds(
        Condition,
        _subjects,
        st.sampled_from([op for op in Operator if op.of_lists]),
        _lists | st.builds(ItemField, _names),
    ),
    st.builds(
        Condition,
        _subjects,
        st.sampled_from([op for op in Operator if not op.of_lists]),
        _literals | st.builds(ItemField, _names),
    ),
)
_clauses = st.lists(st.tuples(st.sampled_from(Connective), _conditions), min_size=1, max_size=3).map(
    lambda pairs: Clause(tuple(condition for _, condition in pairs), tuple(word for word, _ in pairs[1:]))
)
_expressions = st.builds(Expression, st.sampled_from(Action), st.sampled_from(Target), _clauses, st.none() | _clauses)
filters = st.builds(FilterExpression, st.lists(_expressions, min_size=1, max_size=3).map(tuple))
