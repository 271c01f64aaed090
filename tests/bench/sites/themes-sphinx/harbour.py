"""Boats in a harbour."""


class Boat:
    """A boat.

    :param name: what it is called
    :type name: str
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def row(self, oars: int = 2, *, fast: bool = False) -> float:
        """Move on.

        :param oars: how many
        :returns: the speed in knots
        :raises ValueError: without oars
        """
        return oars * (2.0 if fast else 1.0)


def moor(boat: Boat) -> None:
    """Tie up *boat*."""
