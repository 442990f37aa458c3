"""The tables that are read are nbgrader's own."""

import pytest
from nbgrader import api

from grading.gradebook.schema import TABLES


@pytest.mark.parametrize("ours", TABLES, ids=lambda table: table.name)
def test_columns_are_those_of_nbgrader(ours):
    theirs = api.Base.metadata.tables[ours.name]
    for column in ours.c:
        kind = theirs.c[column.name].type
        # What the database driver gives is converted by type for these alone.
        if kind.python_type.__module__ == "datetime" or kind.python_type is bool:
            assert type(column.type) is type(kind), column.name
