"""Everything that knows Airflow: hook, connection type, triggers, zones, the UI pages."""
