-- What users of each port have come to, by hour, day and month.
-- The same for H2 and PostgreSQL, and each statement can be repeated, as in the first one.

create table if not exists traffic_usage (
    span varchar not null, -- hour, day or month
    begins timestamp(6) with time zone not null, -- in UTC
    remote varchar not null,
    port varchar not null, -- the exposed address, or the host
    bytes_in bigint not null,
    bytes_out bigint not null,
    connections bigint not null,
    refused bigint not null,
    primary key (span, begins, remote, port)
);

-- The last batch that each writer has kept, so that one that nobody heard of is not kept twice.
create table if not exists usage_writer (
    id varchar not null primary key,
    batch bigint not null,
    written timestamp(6) with time zone not null
);
