package io.portproxy.cli;

/** Thrown if an option's value makes no sense. The message names the option, the reason, and what to write instead. */
final class WrongUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongUseException(String message) {
        super(message, null, false, false);
    }
}
