"""A small book about reading and making books, for servers that have none yet."""
