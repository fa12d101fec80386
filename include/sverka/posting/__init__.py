"""Posting: plan the documents from the posting scheme, send them exactly once."""
