"""Slips in the loop over the windows, which the convolutions and the poolings share."""

PLACE_SLIPS = {
    "returns after the first window": "Your return is inside the loop over the columns of windows: "
    "move it to the left, behind both loops.",
    "returns after the first row of windows": "Your return is inside the loop over the rows of "
    "windows: move it to the left, behind both loops.",
    "stops before the last windows": "range leaves out its end: with range(n) the last window is "
    "number n - 1 already.",
    "stops before the last row of windows": "range leaves out its end: with range(rows) the last "
    "row is number rows - 1 already.",
    "stops before the last column of windows": "range leaves out its end: with range(columns) the "
    "last column is number columns - 1 already.",
    "begins at the second windows": "Rows and columns of windows are counted from 0: range(n), not "
    "range(1, n).",
}


def places_with(is_, rows, columns):
    """Row and column of each window that is looked at."""
    first = 1 if is_("begins at the second windows") else 0
    both = is_("stops before the last windows")
    last_row = rows - (both or is_("stops before the last row of windows"))
    last_column = columns - (both or is_("stops before the last column of windows"))
    places = [(i, j) for i in range(first, last_row) for j in range(first, last_column)]
    if is_("returns after the first window"):
        return places[:1]
    return places[:columns] if is_("returns after the first row of windows") else places
