-- The same for H2 and PostgreSQL. Each statement can be repeated: H2 commits one by one, and the process may end between two.
-- Texts have no length of their own: the checks before have the limits, and know the reasons.

create table if not exists remote (
    name varchar not null primary key,
    description varchar not null,
    enabled boolean not null,
    anonymous boolean not null,
    grants varchar -- a JSON object, of a remote that may ask for ports
);

create table if not exists remote_port (
    remote varchar not null references remote (name) on delete cascade,
    ordinal integer not null, -- from 0, as people gave them
    name varchar not null,
    enabled boolean not null,
    type varchar not null,
    bind varchar not null,
    target varchar not null,
    host_header varchar,
    forwarded_headers varchar,
    trusted_proxies varchar not null, -- a JSON array of strings
    max_request_head varchar,
    primary key (remote, ordinal)
);

create table if not exists remote_token (
    id varchar not null primary key,
    remote varchar not null references remote (name) on delete cascade,
    ordinal integer not null, -- from 0, as they were made
    label varchar not null,
    stored_key varchar not null, -- hexadecimal, as the next one
    server_key varchar not null,
    created timestamp(6) with time zone not null,
    expires timestamp(6) with time zone,
    last_used timestamp(6) with time zone
);

-- One row: the last change, by whoever has made it. A server whose last change is another one does not know what is there.
create table if not exists remote_change (
    id varchar not null primary key
);

insert into remote_change select 'none' where not exists (select 1 from remote_change);

create table if not exists admin_user (
    name varchar not null primary key,
    role varchar not null,
    password varchar not null, -- encoded
    created timestamp(6) with time zone not null
);

create table if not exists api_token (
    id varchar not null primary key,
    ordinal integer not null, -- from 0, as they were made
    label varchar not null,
    role varchar not null,
    hash varchar not null, -- SHA-256, hexadecimal
    created timestamp(6) with time zone not null,
    expires timestamp(6) with time zone
);

create index if not exists remote_token_remote on remote_token (remote);
