"""The settings of Airflow's login page (Flask-AppBuilder's), in the language of everything else."""

import os

from flask_appbuilder.const import AUTH_DB

AUTH_TYPE = AUTH_DB
WTF_CSRF_ENABLED = True
BABEL_DEFAULT_LOCALE = os.environ.get("SVERKA_LANGUAGE", "ru")
LANGUAGES = {"ru": {"flag": "ru", "name": "Русский"}, "en": {"flag": "gb", "name": "English"}}
