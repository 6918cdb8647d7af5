"""Beyond one box: the wishes compiled into Redis, where Kamailio decides by them, and the calls that come back."""
