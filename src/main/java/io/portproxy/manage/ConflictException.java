package io.portproxy.manage;

import java.util.Optional;

/** What somebody wants is right in itself, but not beside what there is; nothing has changed. */
public final class ConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<ChangeProblem> problem;

    /** @param message what is in the way, and what to do */
    public ConflictException(String message) {
        super(message);
        this.problem = Optional.empty();
    }

    /** @param problem what is in the way, and where in the document it is */
    public ConflictException(ChangeProblem problem) {
        super(problem.value().map(value -> value + " ").orElse("") + problem.reason());
        this.problem = Optional.of(problem);
    }

    /** Where in the document it is, if it is in there. */
    public Optional<ChangeProblem> problem() {
        return problem;
    }
}
