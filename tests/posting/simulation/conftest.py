"""One world per file of tests: the files share the cores."""

from collections.abc import Iterator

import pytest

from tests.posting.simulation.servers import fresh_world
from tests.posting.simulation.world import World


@pytest.fixture(scope="module")
def world(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with fresh_world(tmp_path_factory.mktemp("simulation"), server_url) as found:
        yield found
