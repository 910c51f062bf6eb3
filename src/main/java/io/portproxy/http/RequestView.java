package io.portproxy.http;

import java.util.Optional;

/** A request whose head is complete, as far as it matters to where it goes and to whether it may. */
public interface RequestView {
    /** Whom it names, {@linkplain HostName#normal normal}; empty if nobody. */
    String hostName();

    /** Its target, as the user wrote it. */
    String target();

    /** What it shows by the scheme {@code Basic} (RFC 7617), still encoded; empty if nothing, or more than one thing. */
    Optional<String> credentials();

    /** Its first line, as the user wrote it. */
    String line();

    /**
     * The value of the first field with that name; empty if there is none.
     *
     * @param name in lower case
     */
    Optional<String> field(String name);

    /** Its last {@code X-Forwarded-For}, which anybody may have written. */
    Optional<String> forwardedFor();
}
