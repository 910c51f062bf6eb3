package io.portproxy.admin.problem;

/** The process cannot answer in time; a later attempt may succeed. Becomes status 503. */
public final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** When the client may try again, in seconds. */
    static final int RETRY_SECONDS = 5;

    /** @param message why the process is busy, for people */
    public BusyException(String message) {
        super(message, null, false, false);
    }
}
