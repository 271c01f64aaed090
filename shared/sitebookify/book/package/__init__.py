"""The package stage: book.md, book.epub, the zip of everything, and the report, each written as a stream."""
