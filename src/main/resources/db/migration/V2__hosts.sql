-- The hosts of remotes at gateways. The same for H2 and PostgreSQL, and each statement can be repeated, as in the first one.

create table if not exists remote_host (
    remote varchar not null references remote (name) on delete cascade,
    ordinal integer not null, -- from 0, as people gave them
    definition varchar not null, -- a JSON object
    primary key (remote, ordinal)
);
