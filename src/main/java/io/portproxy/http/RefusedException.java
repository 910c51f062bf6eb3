package io.portproxy.http;

/** PortProxy does not relay what the user sent. Holds the answer. It has no stack trace, because the user made the mistake. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status the answer's status, 400 to 599
     * @param reason what is wrong, for the user and the log
     */
    public RefusedException(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    /** Returns an exception for a request that is malformed, or that two parsers could read differently. */
    static RefusedException badRequest(String reason) {
        return new RefusedException(400, reason);
    }

    /** Returns the answer's status. */
    public int status() {
        return status;
    }

    /** Returns what is wrong, for the user and the log. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
