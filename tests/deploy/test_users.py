"""Who may enter after the first start."""

import json
import os
import subprocess
import sys
from pathlib import Path

from deploy.users import users

ROOT = Path(__file__).resolve().parents[2]
FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"


def test_only_who_has_a_password_becomes_a_user() -> None:
    assert users({"ADMIN_PASSWORD": "one"}) == [("admin", "Admin", "one")]
    given = {"ADMIN_USER": "boss", "ADMIN_PASSWORD": "1", "VIEWER_PASSWORD": "3"}
    assert users(given) == [("boss", "Admin", "1"), ("viewer", "Viewer", "3")]
    assert users({**given, "OPERATOR_PASSWORD": "2"})[1] == ("operator", "Op", "2")
    assert users({"ADMIN_PASSWORD": ""}) == []


def test_they_are_made_once_and_keep_the_password_they_have(tmp_path: Path) -> None:
    """In Airflow's own database: any characters will do, and saying it again changes nothing."""
    environ = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__AUTH_MANAGER": FAB,
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(tmp_path / "none"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{tmp_path}/airflow.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "ADMIN_PASSWORD": 'it\'s $1 #% \\ "пароль"',
        "VIEWER_PASSWORD": "-starts-like-an-option",
    }

    def python(*arguments: str, **changed: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environ | changed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    python("-m", "airflow", "db", "migrate")
    assert "user admin, role Admin\n" in python("-m", "deploy.users")
    assert "user admin, role Admin: is there" in python("-m", "deploy.users", ADMIN_PASSWORD="2")
    tried = [*users(environ), ("admin", "Admin", "2")]
    entered = python("-c", ENTER, TRIED=json.dumps(tried, ensure_ascii=False)).split()
    assert entered[-3:] == ["True", "True", "False"]


ENTER = """
import json, os
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from werkzeug.security import check_password_hash
with get_application_builder() as builder:
    for name, role, password in json.loads(os.environ["TRIED"]):
        user = builder.sm.find_user(name)
        assert [role] == [one.name for one in user.roles]
        print(check_password_hash(user.password, password))
"""
