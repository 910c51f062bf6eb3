package io.portproxy.manage;

import java.util.List;

/** Files that were read again have errors. The process continues with the old settings. */
public final class RefusedFilesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ChangeProblem> problems;

    /**
     * @param message the message that a start with these files would show
     * @param problems the same errors as a list; each {@code pointer} is a property or a file
     */
    public RefusedFilesException(String message, List<ChangeProblem> problems) {
        super(message);
        this.problems = List.copyOf(problems);
    }

    /** Returns the errors. */
    public List<ChangeProblem> problems() {
        return problems;
    }
}
