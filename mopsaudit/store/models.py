"""All tables in one name space: what queries import, and what makes the metadata complete."""

from mopsaudit.store.base import Base
from mopsaudit.store.inventory import *  # noqa: F403
from mopsaudit.store.ledger import *  # noqa: F403
from mopsaudit.store.people import *  # noqa: F403
from mopsaudit.store.planning import *  # noqa: F403
from mopsaudit.store.scenarios import *  # noqa: F403
from mopsaudit.store.system import *  # noqa: F403
from mopsaudit.store.waiting import *  # noqa: F403

metadata = Base.metadata
