"""Reading: bytes to raw tables; the container is told by content, cells stay as the file has them."""
