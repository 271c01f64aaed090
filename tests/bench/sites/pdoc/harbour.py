"""Harbour module."""


class Berth:
    """A berth.

    :param depth: metres of water
    :type depth: int
    """

    def lift(self, box: str, *, slow: bool = False) -> int:
        """Lift a box.

        :param box: what to lift
        :returns: seconds
        :raises ValueError: if there is none

        >>> Berth().lift("a")
        3
        """
        return 3 if slow else len(box)
