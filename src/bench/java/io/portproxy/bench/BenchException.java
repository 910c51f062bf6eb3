package io.portproxy.bench;

/** A measurement that could not be made, or whose bytes were wrong. Never says that something was slow. */
final class BenchException extends Exception {
    private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
