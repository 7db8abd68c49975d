"""The ground that a round is played on: servers of its own, and mailboxes delivered once."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.conftest import Cluster, running_cluster
from tests.servers.dovecot import Dovecot
from tests.sync import rig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.base.settings import Settings
    from tests.sync.rig import Served


@dataclass
class Ground:
    """PostgreSQL, Valkey and Dovecot, for one run of the soak."""

    cluster: Cluster
    template: str
    dovecot: Dovecot
    _served: dict[str, Served] = field(default_factory=dict)

    @contextmanager
    def town(self) -> Iterator[Settings]:
        """Lend a database in which nothing stands yet, to this round alone."""
        with rig.database(self.cluster, self.template) as made, rig.bound(made):
            yield made

    def mailbox(self, user: str, count: int, *, size: int = 200) -> Served:
        """Deliver a mailbox that no round changes, the first time; return what is served of it."""
        if user not in self._served:
            letters = rig.letters(count, seed=3, size=size)
            sent = count // 10
            rig.deliver(self.dovecot, user, letters[sent:])
            rig.deliver(self.dovecot, user, letters[:sent], "Sent")
            self._served[user] = rig.served(self.dovecot, user)
        return self._served[user]


@contextmanager
def opened() -> Iterator[Ground]:
    """Start the servers, and stop them whatever happens."""
    with running_cluster() as cluster, Dovecot(tls=True) as dovecot:
        yield Ground(cluster, cluster.template(), dovecot)
