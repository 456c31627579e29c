"""Use cases of proofing, without a web server."""
