package io.portproxy.http;

/** What the user sent is not relayed; carries the answer. Has no stack trace: it is the user's mistake, not ours. */
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

    /** A request that is malformed, or that two parsers could read differently. */
    static RefusedException badRequest(String reason) {
        return new RefusedException(400, reason);
    }

    /** The answer's status. */
    public int status() {
        return status;
    }

    /** What is wrong, for the user and the log. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
