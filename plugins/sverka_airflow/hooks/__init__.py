"""Hooks: how Airflow connections become Sverka's own."""
