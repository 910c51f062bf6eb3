package io.portproxy.config;

import io.portproxy.client.ProxyClient;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.problem.ConfigurationProblemsException;
import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.ListenProblem;
import io.portproxy.config.problem.Place;
import io.portproxy.manage.DesiredState;
import io.portproxy.net.Durations;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.ListenException;
import io.portproxy.server.ProxyServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

/**
 * Starts and stops the roles with the application context.
 *
 * <p>Start: first the event loops, which run everything. Then the server, so that an address in use stops the start before the
 * client connects anywhere. Then the client, which can then connect to a server in the same process. Stop: both roles at the same
 * time, because in one process they share the streams and the grace period. The event loops stop last. {@link Drain} stops the
 * roles before the web server stops. This class then stops the loops after the web server.
 */
final class RuntimeLifecycle implements SmartLifecycle {
    /** Starts after the targets of the demonstration, and before the parts that let users and operators in. */
    static final int PHASE = 1000;

    private static final Logger log = LoggerFactory.getLogger(RuntimeLifecycle.class);

    /** The time after the grace period in which the roles reset the remaining streams. */
    private static final Duration RESET_TIME = Duration.ofSeconds(5);

    private final ProcessSettings configuration;
    private final EventLoopGroup loops;
    private final Runnable whenALoopEnds;
    private final Optional<ProxyServer> server;
    private final Optional<DesiredState> desired;
    private final Optional<ProxyClient> client;
    private final Environment environment;
    private boolean drained; // only the thread that stops the context
    private volatile boolean running;

    RuntimeLifecycle(
            ProcessSettings configuration,
            EventLoopGroup loops,
            Runnable whenALoopEnds,
            Optional<ProxyServer> server,
            Optional<DesiredState> desired,
            Optional<ProxyClient> client,
            Environment environment) {
        this.configuration = configuration;
        this.loops = loops;
        this.whenALoopEnds = whenALoopEnds;
        this.server = server;
        this.desired = desired;
        this.client = client;
        this.environment = environment;
    }

    @Override
    public void start() {
        loops.start(whenALoopEnds);
        running = true;
        try {
            desired.ifPresent(this::startServer);
            client.ifPresent(ProxyClient::start);
        } catch (RuntimeException e) {
            stop(Duration.ZERO);
            throw e;
        }
        StartReport.log(configuration, server);
    }

    private void startServer(DesiredState starting) {
        try {
            starting.start(configuration.server().orElseThrow().declared());
        } catch (ListenException e) {
            Place place = configuration.server().orElseThrow().placeOf(e.address());
            throw new ConfigurationProblemsException(
                    List.of(ListenProblem.of(new EnvironmentValues(environment), place, e)));
        }
    }

    /** Stops the roles within the grace period. Further calls do nothing. Only the thread that stops the context calls this. */
    void drain() {
        drain(configuration.shutdownGrace());
    }

    @Override
    public void stop() {
        stop(configuration.shutdownGrace());
    }

    private void stop(Duration grace) {
        try {
            drain(grace);
        } finally {
            loops.close();
            running = false;
        }
    }

    private void drain(Duration grace) {
        if (drained) {
            return;
        }
        drained = true;
        CompletableFuture<?> clientStopped = client.map(c -> c.stop(grace)).orElseGet(RuntimeLifecycle::nothing);
        CompletableFuture<?> serverStopped = server.map(s -> s.stop(grace)).orElseGet(RuntimeLifecycle::nothing);
        try {
            CompletableFuture.allOf(serverStopped, clientStopped)
                    .get(grace.plus(RESET_TIME).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn(
                    "streams were still open {} after the stop began and are reset",
                    Durations.text(grace.plus(RESET_TIME)));
        } catch (ExecutionException e) {
            log.warn("the stop failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static CompletableFuture<Void> nothing() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Event loops can start only once. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
