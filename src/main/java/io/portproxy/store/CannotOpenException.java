package io.portproxy.store;

/** A store that was asked for cannot be used. Nothing in it has been changed. The message has no secret in it. */
public final class CannotOpenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Cause kind;
    private final String reason;
    private final String fix;

    /** Why a store cannot be opened. */
    public enum Cause {
        /** The folder, or the right to use it. */
        FOLDER,
        /** Another process has the file. */
        HELD,
        /** What is in the file or database is not what this program has put there. */
        CONTENT,
        /** The database does not answer. */
        AWAY,
        /** The database does not let in, or is none that can be used. */
        REFUSED
    }

    /**
     * @param reason what is wrong, to be read behind what it is with
     * @param fix what to do
     */
    CannotOpenException(Cause kind, String reason, String fix) {
        super(reason + ": " + fix);
        this.kind = kind;
        this.reason = reason;
        this.fix = fix;
    }

    /** Why. */
    public Cause kind() {
        return kind;
    }

    /** What is wrong, to be read behind what it is with. */
    public String reason() {
        return reason;
    }

    /** What to do. */
    public String fix() {
        return fix;
    }

    /** Whether the same may do another time. */
    public boolean mayPass() {
        return kind == Cause.HELD || kind == Cause.AWAY;
    }
}
