package io.portproxy.cli;

/** An option's value makes no sense; the message says which and why, and what to write. */
final class WrongUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongUseException(String message) {
        super(message, null, false, false);
    }
}
