"""Sverka: books courier settlement reports in MoySklad, order by order.

The packages follow the way of the data: intake, reading, recognition, parsing, checking,
snapshot, reconciling, posting, reporting. A room imports only rooms before it and the shared
nouns in this package's top level. Nothing here imports Airflow.
"""
