"""Foreign HTML on its way in: the only place that decodes it, parses it, and says what its elements and URLs mean.

`charset` finds out the encoding, `parser` makes the tree, `vocabulary` and `visibility` say what an element is to a
reader, `addresses` and `srcset` where it leads. Crawl, extraction and preview read a page through these alone.
"""
