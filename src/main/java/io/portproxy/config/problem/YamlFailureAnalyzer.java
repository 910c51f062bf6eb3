package io.portproxy.config.problem;

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
 * Reports a configuration file that is no YAML, in place of a stack trace. Leaves out the lines that the parser quotes, because
 * they may contain a token.
 */
public final class YamlFailureAnalyzer extends AbstractFailureAnalyzer<YAMLException> {
    /** What to do if a file is no YAML. */
    public static final String FIX =
            "correct that line or the one before it: often it is the indentation (blanks, no tabs), or a"
                    + " text with a colon that needs quotes; save it as UTF-8";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, YAMLException cause) {
        String where = where(cause);
        return new FailureAnalysis(
                "A configuration file cannot be read as YAML:\n\n" + where,
                FIX + "; it is an application.yml, or what --spring.config names",
                new IllegalStateException(where)); // the original cause would quote lines
    }

    /** Returns what is wrong and where, without quoting the file. */
    public static String where(YAMLException failure) {
        if (!(failure instanceof MarkedYAMLException cause)) {
            return "it has bytes that are not UTF-8, or characters that YAML does not allow";
        }
        return Stream.of(at(cause.getContext(), cause.getContextMark()), at(cause.getProblem(), cause.getProblemMark()))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(": "));
    }

    private static Optional<String> at(@Nullable String what, @Nullable Mark mark) {
        return mark == null
                ? Optional.ofNullable(what)
                : Optional.of((what == null ? "" : what + ", ") + "line " + (mark.getLine() + 1) + ", column "
                        + (mark.getColumn() + 1));
    }
}
