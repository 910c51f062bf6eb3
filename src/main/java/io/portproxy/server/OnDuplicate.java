package io.portproxy.server;

/** What becomes of a remote whose name another instance has already. */
public enum OnDuplicate {
    /** It takes the name over; the other's tunnels are closed. */
    REPLACE,
    /** It is refused while the other is there. */
    REFUSE,
    /** Both have the name; new streams take turns among the instances. */
    BALANCE
}
