"""One host, one command: Sverka with real Airflow, PostgreSQL and the MoySklad sandbox.

`make up` runs `local.up`, `make down` runs `local.down`. The end-to-end tests start the same
installation in folders of their own. Production is docs/deploy.md; this is for a laptop, for a
small shop on one machine, and for the tests.
"""
