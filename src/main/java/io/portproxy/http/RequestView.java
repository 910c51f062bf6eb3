package io.portproxy.http;

import java.util.Optional;

/** A request, seen by the code that decides where it goes and whether it has access. */
public interface RequestView {
    /** Returns the host that the request names, {@linkplain HostName#normal normal}; empty if it names none. */
    String hostName();

    /** Returns the request target, as the user wrote it. */
    String target();

    /** Returns the credentials of the scheme {@code Basic} (RFC 7617), still encoded; empty if there are none or more than one. */
    Optional<String> credentials();

    /** Returns the first line, as the user wrote it. */
    String line();

    /**
     * Returns the value of the first field with that name; empty if there is none.
     *
     * @param name in lower case
     */
    Optional<String> field(String name);

    /** Returns the last {@code X-Forwarded-For}, which anybody may have written. */
    Optional<String> forwardedFor();
}
