package io.portproxy.demo;

import io.portproxy.config.problem.ConfigurationProblemsException;
import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.ListenProblem;
import io.portproxy.config.problem.Place;
import io.portproxy.config.properties.DemoProperties;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.net.ListenException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.stereotype.Component;

/**
 * Runs the targets of the demonstration, and logs what the operator can try. The targets start before the tunnel and stop after
 * it.
 */
@Component
@Profile({"demo", "echo"})
final class DemoTargets implements SmartLifecycle {
    /** Lower than the phase of the runtime, so that the targets of the tunnel start first. */
    static final int PHASE = 0;

    private static final Logger log = LoggerFactory.getLogger(DemoTargets.class);

    /** The address of the targets, also on hosts that prefer IPv6. The remote connects to it. */
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private static final String PREFIX = PortProxyProperties.PREFIX + ".demo.";

    private final DemoProperties properties;
    private final Environment environment;
    private final Deque<AutoCloseable> targets = new ArrayDeque<>();
    private volatile boolean running;

    DemoTargets(PortProxyProperties properties, Environment environment) {
        this.properties = properties.demo();
        this.environment = environment;
    }

    @Override
    public void start() {
        try {
            start("echo-port", properties.echoPort(), EchoTarget::new);
            if (isDemo()) {
                start("http-port", properties.httpPort(), HttpTarget::new);
            }
            running = true;
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    private boolean isDemo() {
        return environment.acceptsProfiles(Profiles.of("demo"));
    }

    private void start(String key, int port, Target target) {
        InetSocketAddress address = loopback(port);
        try {
            targets.push(target.listen(address));
        } catch (IOException e) {
            throw new ConfigurationProblemsException(List.of(ListenProblem.of(
                    new EnvironmentValues(environment),
                    Place.property(PREFIX + key),
                    new ListenException(address, e))));
        }
    }

    private static InetSocketAddress loopback(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of four bytes is one", e);
        }
    }

    @Override
    public void stop() {
        while (!targets.isEmpty()) {
            try {
                targets.pop().close();
            } catch (Exception e) {
                log.warn("a target did not stop", e);
            }
        }
        running = false;
    }

    @EventListener(ApplicationReadyEvent.class)
    void sayWhatToTry() {
        if (!isDemo()) {
            return;
        }
        log.info(
                """
                PortProxy runs as server and client in one process. Try:
                  curl http://{}/     through the tunnel to 127.0.0.1:{}; see Host and X-Forwarded-*
                  nc {}    through the tunnel to 127.0.0.1:{}, which sends back what you type
                {}Ctrl-C stops it.""",
                properties.exposedHttp(),
                properties.httpPort(),
                properties.exposedTcp().replace(':', ' '),
                properties.echoPort(),
                dashboard());
    }

    /**
     * Returns the line about the dashboard; empty if there is no web server. The port is known only after the web server has
     * started.
     */
    private String dashboard() {
        String port = environment.getProperty("local.server.port", "");
        boolean generated = !environment.containsProperty("portproxy.admin.users[0].name");
        return port.isEmpty()
                ? ""
                : "  http://%s:%s/    the dashboard; log in as %s%n"
                        .formatted(
                                environment.getProperty("server.address", "127.0.0.1"),
                                port,
                                generated ? "admin with the password above" : "one of portproxy.admin.users");
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private interface Target {
        AutoCloseable listen(InetSocketAddress address) throws IOException;
    }
}
