"""What differs between the databases that can hold a catalogue: SQLite and PostgreSQL.

`dialect` says what a dialect does, `sqlite` and `postgresql` do it, and `registry` chooses one.
"""
