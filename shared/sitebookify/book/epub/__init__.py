"""EPUB 3: XHTML that is valid by construction, and a container written as a stream."""
