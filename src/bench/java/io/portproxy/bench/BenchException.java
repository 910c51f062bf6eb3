package io.portproxy.bench;

/** A measurement that failed, or whose bytes were wrong. A slow result is not a failure. */
final class BenchException extends Exception {
    private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
