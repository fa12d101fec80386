"""What the containers run beside Airflow and Sverka: preparing, health, copies of the storage."""
