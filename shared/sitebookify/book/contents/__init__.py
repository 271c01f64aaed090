"""Contents: the pages in reading order, as parts, chapters and sections."""

from sitebookify.book.contents.stage import contents

__all__ = ["contents"]
