"""Contents: the pages in reading order, as parts, chapters and sections."""
