"""The embedded default: a private Valkey, the web process and workers, started, watched and stopped together.

`service` is where it begins; the modules beside it are imported one by one, since some of them load the database's drivers.
"""
