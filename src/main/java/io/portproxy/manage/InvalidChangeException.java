package io.portproxy.manage;

import java.util.List;
import java.util.stream.Collectors;

/** A requested change has errors. Nothing has changed. */
public final class InvalidChangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ChangeProblem> problems;

    /** @param problems all errors; not empty */
    public InvalidChangeException(List<ChangeProblem> problems) {
        super(problems.stream()
                .map(problem -> problem.pointer() + " " + problem.reason())
                .collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** Returns all errors, in the order of the document. */
    public List<ChangeProblem> problems() {
        return problems;
    }
}
