package io.portproxy.config.problem;

import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Stops the start because the configuration is wrong. Spring Boot reports it as a description (each property, its value and what
 * is wrong) and an action (each property's fix), without a stack trace. The process ends with the exit code of
 * {@link StartFailure}.
 */
public final class ConfigurationProblemsException extends FailureAnalyzedException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** @param problems the problems in the order of the report; not empty */
    public ConfigurationProblemsException(List<Problem> problems) {
        super(
                "The configuration has " + (problems.size() == 1 ? "a problem" : problems.size() + " problems")
                        + ":\n\n" + problems.stream().map(Problem::description).collect(Collectors.joining("\n\n")),
                problems.stream().map(Problem::action).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Returns the problems. */
    public List<Problem> problems() {
        return problems;
    }
}
