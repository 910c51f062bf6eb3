-- How many bytes may pass by all ports of a remote. Ports and hosts have it in what is done with their users, which is JSON already.
-- The same for H2 and PostgreSQL, and each statement can be repeated, as in the first one.

alter table remote add column if not exists quota varchar; -- a JSON object; null for nothing
