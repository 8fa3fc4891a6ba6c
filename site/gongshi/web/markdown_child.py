"""The child in which a text that is still being written is rendered, with its time. Run by `gongshi.imports.safely`."""

import time

from gongshi.imports import safely
from gongshi.web.markdown_text import convert


def read(data: bytes, name: str) -> dict[str, object]:
    """The HTML, and the processor seconds that it took. `name` is the word for a table."""
    begun = time.process_time()
    html = convert(data.decode(), table_word=name)
    return {"html": html, "seconds": time.process_time() - begun}


if __name__ == "__main__":
    safely.serve(read)
