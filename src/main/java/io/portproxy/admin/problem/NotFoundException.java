package io.portproxy.admin.problem;

/** The resource that a path names does not exist. Becomes status 404. */
public final class NotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what is missing, for people */
    public NotFoundException(String message) {
        super(message, null, false, false);
    }
}
