"""Every table there is: importing this module makes the metadata whole."""

import crm.base.attempts
import crm.base.directory
import crm.base.events
import crm.mail.models
import crm.people.models
import crm.sales.models
import crm.segments.models
import crm.work.models
import crm.workspace.models
from crm.base.db import Base

__all__ = ["crm", "metadata"]

metadata = Base.metadata
