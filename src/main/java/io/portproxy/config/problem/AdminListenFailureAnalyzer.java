package io.portproxy.config.problem;

import io.portproxy.net.ListenException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Reports that the admin API cannot listen, in the same words as for every other address. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class AdminListenFailureAnalyzer extends AbstractFailureAnalyzer<WebServerException> {
    private static final String PORT = "server.port";
    private static final String ADDRESS = "server.address";

    private final Environment environment;

    AdminListenFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, WebServerException cause) {
        IOException failure = findCause(rootFailure, SocketException.class);
        if (failure == null && cause instanceof PortInUseException) {
            failure = new IOException("Address already in use");
        }
        if (failure == null) {
            return null;
        }
        InetSocketAddress address = InetSocketAddress.createUnresolved(
                environment.getProperty(ADDRESS, "0.0.0.0"), environment.getProperty(PORT, Integer.class, 0));
        String message = String.valueOf(failure.getMessage());
        boolean ofHost = message.contains("assign") || message.contains("not available");
        Problem problem = ListenProblem.of(
                new EnvironmentValues(environment),
                Place.property(ofHost ? ADDRESS : PORT),
                new ListenException(address, failure));
        return new ConfigurationProblemsException(List.of(problem)).analysis();
    }
}
