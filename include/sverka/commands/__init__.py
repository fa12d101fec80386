"""The larger commands of `sverka`, one module each; `sverka.cli` puts them together."""
