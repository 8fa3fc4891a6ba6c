"""Names and sentences inside the Markdown of a generated notice."""


def plain(text: str) -> str:
    """Text that Markdown shows as it was written, on one line."""
    escaped = "".join(f"\\{sign}" if sign in "\\`*_{}[]#+!" else sign for sign in " ".join(text.split()))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
