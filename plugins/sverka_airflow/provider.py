"""What Airflow reads about this package (entry point `apache_airflow_provider`)."""

from typing import Any


def get_provider_info() -> dict[str, Any]:
    """The connection type `moysklad` with its form; the package name must be the distribution's."""
    return {
        "package-name": "sverka",
        "name": "Сверка",
        "description": "Сверка отчётов служб доставки с МоимСкладом",
        "connection-types": [
            {
                "connection-type": "moysklad",
                "hook-class-name": "sverka_airflow.hooks.moysklad.MoySkladHook",
                "hook-name": "МойСклад",
                "ui-field-behaviour": {
                    "hidden-fields": ["schema", "port", "extra"],
                    "relabeling": {
                        "host": "Адрес API",
                        "login": "Логин (пусто, если токен)",
                        "password": "Токен или пароль",
                    },
                    "placeholders": {"host": "https://api.moysklad.ru/api/remap/1.2"},
                },
                "conn-fields": {
                    "answer_seconds": {
                        "label": "Сколько секунд ждать ответа",
                        "description": "МойСклад может отвечать до 300 секунд.",
                        "schema": {"type": ["integer", "null"], "default": 300, "minimum": 1},
                    }
                },
            },
            {
                "connection-type": "telegram",
                "hook-class-name": "sverka_airflow.hooks.telegram.TelegramHook",
                "hook-name": "Telegram",
                "ui-field-behaviour": {
                    "hidden-fields": ["schema", "port", "login", "host", "extra"],
                    "relabeling": {"password": "Токен бота"},
                },
                "conn-fields": {
                    "api_url": {
                        "label": "Адрес Bot API",
                        "description": "Пусто — https://api.telegram.org.",
                        "schema": {"type": ["string", "null"]},
                    }
                },
            },
        ],
    }
