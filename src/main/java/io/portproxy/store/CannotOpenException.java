package io.portproxy.store;

/**
 * Thrown if a store cannot be used that the operator asked for. The store has not been changed. The message contains no secret.
 */
public final class CannotOpenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Cause kind;
    private final String reason;
    private final String fix;

    /** The reasons why a store cannot be opened. */
    public enum Cause {
        /** The folder is missing or wrong, or the process lacks the right to use it. */
        FOLDER,
        /** Another process uses the file. */
        HELD,
        /** The file or database contains something that this program has not written. */
        CONTENT,
        /** The database does not answer. */
        AWAY,
        /** The database rejects the login, or cannot be used. */
        REFUSED
    }

    /**
     * @param reason what is wrong, to be read after the name of the store
     * @param fix what to do
     */
    CannotOpenException(Cause kind, String reason, String fix) {
        super(reason + ": " + fix);
        this.kind = kind;
        this.reason = reason;
        this.fix = fix;
    }

    /** Returns the kind of the reason. */
    public Cause kind() {
        return kind;
    }

    /** Returns what is wrong, to be read after the name of the store. */
    public String reason() {
        return reason;
    }

    /** Returns what to do. */
    public String fix() {
        return fix;
    }

    /** Returns whether another try may succeed with the same configuration. */
    public boolean mayPass() {
        return kind == Cause.HELD || kind == Cause.AWAY;
    }
}
