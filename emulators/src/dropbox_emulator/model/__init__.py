"""The state of the emulated service: accounts, apps, grants, namespaces, sessions, links."""
