package io.portproxy.config;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.yaml.snakeyaml.error.YAMLException;

/** Reports a configuration file that is no YAML, in place of a stack trace. */
final class YamlFailureAnalyzer extends AbstractFailureAnalyzer<YAMLException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, YAMLException cause) {
        return new FailureAnalysis(
                "A configuration file cannot be read as YAML:\n\n" + cause.getMessage(),
                "Save the file as UTF-8 and correct it, an application.yml or what --spring.config names: often a line's indentation, a tab, or a"
                        + " text with a colon that needs quotes.",
                cause);
    }
}
