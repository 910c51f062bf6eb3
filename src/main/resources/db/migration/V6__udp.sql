-- What else is done with the datagrams of ports of type udp.
-- The same for H2 and PostgreSQL, and each statement can be repeated, as in the first one.

alter table remote_port add column if not exists udp varchar; -- a JSON object; null for nothing
