package io.portproxy.manage;

import java.util.List;

/** Files that were read again are wrong, and what runs goes on. */
public final class RefusedFilesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ChangeProblem> problems;

    /**
     * @param message what a start would say
     * @param problems the same, one by one; each {@code pointer} is a property or a file
     */
    public RefusedFilesException(String message, List<ChangeProblem> problems) {
        super(message);
        this.problems = List.copyOf(problems);
    }

    /** What is wrong. */
    public List<ChangeProblem> problems() {
        return problems;
    }
}
