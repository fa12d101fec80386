"""`python -m deploy.users`: the users that the settings name; who is there already is left alone.

Airflow's own command takes a password as an argument, where every user of the machine could read it
in the list of processes.
"""

import os
import sys
from collections.abc import Mapping

ROLES = {"OPERATOR_PASSWORD": ("operator", "Op"), "VIEWER_PASSWORD": ("viewer", "Viewer")}
"""Variable → name and Airflow role of a user who is made only where a password is given."""


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Makes who is missing; a password that was chosen since stays.

    Raises:
        RuntimeError: a user could not be made.
    """
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
    from airflow.providers_manager import ProvidersManager

    ProvidersManager().initialize_providers_configuration()
    with get_application_builder() as builder:
        people = builder.sm
        for name, role, password in users(environ):
            known = people.find_user(name) is not None
            print(f"· user {name}, role {role}{': is there' if known else ''}", flush=True)
            named = (name, name, "Sverka", f"{name}@localhost", people.find_role(role))
            if not known and not people.add_user(*named, password):
                raise RuntimeError(f"the user {name} could not be made; the log above says why")
    return 0


def users(environ: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Name, role and password of everybody who has a password."""
    asked = [(environ.get("ADMIN_USER", "admin"), "Admin", environ.get("ADMIN_PASSWORD", ""))]
    asked += [(name, role, environ.get(given, "")) for given, (name, role) in ROLES.items()]
    return [(name, role, password) for name, role, password in asked if password]


if __name__ == "__main__":
    sys.exit(main())
