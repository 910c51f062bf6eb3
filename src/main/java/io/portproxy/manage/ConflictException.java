package io.portproxy.manage;

import java.util.Optional;

/** A requested change is correct in itself, but conflicts with what already exists. Nothing has changed. */
public final class ConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<ChangeProblem> problem;

    /** @param message what the change conflicts with, and what to do */
    public ConflictException(String message) {
        super(message);
        this.problem = Optional.empty();
    }

    /** @param problem what the change conflicts with, and where in the document */
    public ConflictException(ChangeProblem problem) {
        super(problem.value().map(value -> value + " ").orElse("") + problem.reason());
        this.problem = Optional.of(problem);
    }

    /** Returns the problem with its place in the document; empty if it has no place there. */
    public Optional<ChangeProblem> problem() {
        return problem;
    }
}
