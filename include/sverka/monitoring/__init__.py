"""Monitoring: Sverka's own figures in the format of Prometheus (docs/monitoring.md)."""
