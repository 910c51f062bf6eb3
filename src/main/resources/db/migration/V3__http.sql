-- What else is done with the requests and answers of ports of type http. Hosts have it in their definition, which is JSON already.
-- The same for H2 and PostgreSQL, and each statement can be repeated, as in the first one.

alter table remote_port add column if not exists http varchar; -- a JSON object; null for nothing
