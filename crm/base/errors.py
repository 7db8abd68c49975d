"""The four ways in which the domain says no."""


class CRMError(Exception):
    """The domain refuses. Its text says what happened, in words a user may read."""


class NotFoundError(CRMError):
    """There is no such thing, or it is someone else's."""


class ConflictError(CRMError):
    """The thing is not in a state that allows this."""


class InvalidError(CRMError):
    """What was given cannot be taken."""


class ForbiddenError(CRMError):
    """The role does not allow this."""
