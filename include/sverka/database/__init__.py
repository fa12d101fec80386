"""Database: connections and schema migrations of Sverka's own PostgreSQL database."""
