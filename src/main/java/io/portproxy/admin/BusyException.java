package io.portproxy.admin;

/** The process cannot answer in time. Becomes 503. */
final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BusyException(String message) {
        super(message, null, false, false);
    }
}
