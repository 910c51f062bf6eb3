package io.portproxy.config;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reports a configuration file that is no YAML, in place of a stack trace; without the lines that the parser quotes, for
 * there may be a token in them.
 */
final class YamlFailureAnalyzer extends AbstractFailureAnalyzer<YAMLException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, YAMLException cause) {
        String where = cause instanceof MarkedYAMLException marked
                ? where(marked)
                : "it has bytes that are not UTF-8, or characters that YAML does not allow";
        return new FailureAnalysis(
                "A configuration file cannot be read as YAML:\n\n" + where,
                "Save the file, an application.yml or what --spring.config names, as UTF-8 and correct it: often a line's"
                        + " indentation, a tab, or a text with a colon that needs quotes.",
                new IllegalStateException(where)); // the cause would quote
    }

    private static String where(MarkedYAMLException cause) {
        return Stream.of(at(cause.getContext(), cause.getContextMark()), at(cause.getProblem(), cause.getProblemMark()))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("\n"));
    }

    private static Optional<String> at(@Nullable String what, @Nullable Mark mark) {
        return mark == null
                ? Optional.ofNullable(what)
                : Optional.of((what == null ? "" : what + ", ") + "line " + (mark.getLine() + 1) + ", column "
                        + (mark.getColumn() + 1));
    }
}
