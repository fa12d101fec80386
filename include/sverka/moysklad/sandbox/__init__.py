"""The MoySklad sandbox: a local server that enforces the documented rules of JSON API 1.2."""
