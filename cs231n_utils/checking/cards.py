"""Messages with a colored edge: HTML in a notebook, text elsewhere."""

import html


def card(headline: str, inner: str, color: str) -> str:
    """HTML of a message with a colored edge; `inner` is HTML, `headline` is text."""
    return (
        f"<div role='status' style='border-left:6px solid {color};padding:8px 14px;"
        "max-width:46em;font-family:sans-serif;line-height:1.45'>"
        f"<b style='font-size:1.05em'>{html.escape(headline)}</b>{inner}</div>"
    )


def show(text: str, as_html: str) -> None:
    """Display HTML in a notebook, and print the text elsewhere."""
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        print(text)
    else:
        display({"text/html": as_html, "text/plain": text}, raw=True)
