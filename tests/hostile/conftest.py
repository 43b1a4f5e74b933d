"""The fixtures live in fixtures.py, which the hostile tests use too."""

from fixtures import *  # noqa: F403
