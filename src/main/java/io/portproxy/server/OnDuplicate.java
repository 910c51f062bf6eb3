package io.portproxy.server;

/** The rule for a remote whose name another instance already has. */
public enum OnDuplicate {
    /** The new instance takes the name over; the server closes the tunnels of the other instance. */
    REPLACE,
    /** The server refuses the new instance while the other one is connected. */
    REFUSE,
    /** Both instances have the name; new streams take turns between the instances. */
    BALANCE
}
