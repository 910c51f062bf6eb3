package io.portproxy.manage;

import java.util.List;
import java.util.stream.Collectors;

/** What somebody wants is wrong; nothing has changed. */
public final class InvalidChangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ChangeProblem> problems;

    /** @param problems all that is wrong; not empty */
    public InvalidChangeException(List<ChangeProblem> problems) {
        super(problems.stream()
                .map(problem -> problem.pointer() + " " + problem.reason())
                .collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** All that is wrong, in the order of the document. */
    public List<ChangeProblem> problems() {
        return problems;
    }
}
