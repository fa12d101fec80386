"""MoySklad: the API client, its typed documents, and the local sandbox server."""
