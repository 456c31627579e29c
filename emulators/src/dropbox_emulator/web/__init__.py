"""Pages and addresses outside ``/2/``: sign-in, consent, tokens, the App Console, links."""
