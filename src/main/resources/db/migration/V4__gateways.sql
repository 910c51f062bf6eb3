-- Gateways that no file declares. The same for H2 and PostgreSQL, and each statement can be repeated, as in the first one.

create table if not exists gateway (
    name varchar not null primary key,
    definition varchar not null -- a JSON object
);
