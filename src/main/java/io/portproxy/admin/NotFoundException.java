package io.portproxy.admin;

/** What a path names is not there. Becomes 404. */
final class NotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotFoundException(String message) {
        super(message, null, false, false);
    }
}
