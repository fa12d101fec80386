"""Notices: what people are told by e-mail and Telegram, once, whatever fails (docs/notices.md)."""
