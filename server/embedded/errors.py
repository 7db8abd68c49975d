"""What goes wrong with the embedded servers, and what to do about it."""


class EmbeddedError(Exception):
    """An embedded server cannot be had; `hint` says what to do."""

    def __init__(self, what: str, *, hint: str) -> None:
        super().__init__(what)
        self.hint = hint
