"""Classifiers of texts by opinion: one method a file, each with a class ``Model``."""

from __future__ import annotations

import importlib
import pkgutil
from typing import cast

from ecomsql.models.text_classifier import TextClassifier


def methods() -> list[str]:
    """Return the names of the methods that exist, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def method(name: str) -> type[TextClassifier]:
    """Return the class of the method `name`, one of :func:`methods`."""
    module = importlib.import_module(f"{__name__}.{name}")
    return cast(type[TextClassifier], module.Model)
