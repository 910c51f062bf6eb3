-- What is done with users who connect: to a remote's ports and hosts, and to a port. Hosts have it in their definition, which is JSON already.
-- The same for H2 and PostgreSQL, and each statement can be repeated, as in the first one.

alter table remote add column if not exists access varchar; -- a JSON object; null for nothing
alter table remote_port add column if not exists users varchar; -- a JSON object; null for nothing
