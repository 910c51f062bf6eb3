package io.portproxy.admin.problem;

import org.springframework.http.HttpStatus;

/** Ends a request with a problem document. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;

    /** @param message what is wrong and what to do, for people */
    public ProblemException(HttpStatus status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    HttpStatus status() {
        return status;
    }
}
