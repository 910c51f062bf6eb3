-- How much a remote's users may have, and how long they wait for it while it is away. Ports and hosts have both in JSON already.
-- The same for H2 and PostgreSQL, and each statement can be repeated, as in the first one.

alter table remote add column if not exists limits varchar; -- a JSON object; null for nothing
alter table remote add column if not exists hold_while_away varchar; -- a length of time, as it was written; null for nothing
