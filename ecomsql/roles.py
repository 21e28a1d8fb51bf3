"""Checks that the columns which a function needs are there, and says which are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ecomsql.errors import ColumnError, did_you_mean, listed


def resolve(
    columns: Iterable[str],
    *,
    required: Mapping[str, str],
    optional: Mapping[str, tuple[str | None, str | None]],
) -> dict[str, str | None]:
    """Find the column of each role, as SQL does: without regard to case.

    Parameters
    ----------
    columns : iterable of str
        Columns of the relation.
    required : mapping
        Role (``'user_col'``) to the column it names.
    optional : mapping
        Role to the column the user named (or None) and the canonical one used when present.

    Returns
    -------
    dict
        Role to the column's own spelling; None for an optional role without one.

    Raises
    ------
    ColumnError
        Naming the role, the columns there, and the nearest match.

    Examples
    --------
    >>> resolve(["CustomerID"], required={"user_col": "customerid"}, optional={})
    {'user_col': 'CustomerID'}
    """
    there = list(columns)
    by_lower = {name.lower(): name for name in there}
    found: dict[str, str | None] = {}
    for role, wanted in required.items():
        if not isinstance(wanted, str) or wanted.lower() not in by_lower:
            raise ColumnError(_missing(role, wanted, there))
        found[role] = by_lower[wanted.lower()]
    for role, (named, canonical) in optional.items():
        if named is not None and str(named).lower() not in by_lower:
            raise ColumnError(_missing(role, named, there))
        name = named if named is not None else canonical
        found[role] = by_lower.get(str(name).lower()) if name is not None else None
    return found


def resolve_list(role: str, names: Iterable[str], columns: Iterable[str]) -> list[str]:
    """Return the own spelling of each of several columns.

    Raises
    ------
    ColumnError
        For the first that is not there.
    """
    there = list(columns)
    by_lower = {name.lower(): name for name in there}
    for name in names:
        if name.lower() not in by_lower:
            hint = did_you_mean(name, there)
            raise ColumnError(
                f"no column '{name}' for {role}; the columns are: {listed(there)}{hint}"
            )
    return [by_lower[name.lower()] for name in names]


def _missing(role: str, wanted: object, there: list[str]) -> str:
    guess = did_you_mean(str(wanted), there) or _by_meaning(role, there)
    hint = guess.replace("mean ", f"mean {role} := ", 1)
    named = "NULL is no column" if wanted is None else f"no column '{wanted}'"
    return f"{named} for {role}; the columns are: {listed(there)}{hint}"


_SYNONYMS = {
    "user_col": ("user", "customer", "client", "visitor", "member", "account", "buyer", "shopper"),
    "item_col": ("item", "product", "article", "sku", "stock", "asin", "track", "movie"),
    "time_col": ("time", "date"),
    "weight_col": ("weight", "quantity", "rating", "count", "qty", "amount"),
    "group_col": ("user", "customer", "client", "visitor", "group"),
    "rank_col": ("rank", "place", "position"),
    "label_col": ("label", "target", "class", "actual", "truth"),
    "probability_col": ("prob", "score", "predict"),
    "actual_col": ("actual", "truth", "observed", "target"),
    "predicted_col": ("predict", "forecast", "estimate"),
    "value_col": ("price", "amount", "value", "revenue", "total", "sales", "spend"),
    "quantity_col": ("quantity", "qty", "count", "pieces", "units", "sales", "sold"),
    "price_col": ("price", "paid", "amount"),
    "cost_col": ("cost", "purchase", "wholesale"),
    "category_col": ("category", "department", "brand", "group"),
    "text_col": ("text", "comment", "content", "body", "message"),
    "id_col": ("review", "id"),
    "event_col": ("event", "action", "type", "kind"),
}


def _by_meaning(role: str, there: list[str]) -> str:
    """Guess by what the role is about: ``CustomerID`` for ``user_col``."""
    for name in there:
        if any(word in name.lower() for word in _SYNONYMS.get(role, ())):
            return f"; did you mean '{name}'?"
    return ""
