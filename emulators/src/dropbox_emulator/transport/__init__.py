"""From sockets to handlers and back: hosts, TLS, dispatch, replies, bodies."""
