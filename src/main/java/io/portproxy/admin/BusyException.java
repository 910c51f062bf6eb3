package io.portproxy.admin;

/** The process cannot answer in time, but may a little later. Becomes 503. */
final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** When to try again, in seconds. */
    static final int RETRY_SECONDS = 5;

    BusyException(String message) {
        super(message, null, false, false);
    }
}
