package io.portproxy.config;

import io.portproxy.admin.security.Rights;
import io.portproxy.client.AllowedTarget;
import io.portproxy.client.ClientSettings;
import io.portproxy.config.check.CheckedServer;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.FailureReport;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.problem.Remark;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.source.Launcher;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Token;
import io.portproxy.server.RemoteSettings;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Checks the configuration of a start without starting, and prints what a start would do. */
public final class DryRun {
    private static final int DEFAULT_PORT = 8080;

    private final ProcessSettings configuration;
    private final PrintWriter out;

    private DryRun(ProcessSettings configuration, PrintWriter out) {
        this.configuration = configuration;
        this.out = out;
    }

    /**
     * Reads and checks the configuration. Listens nowhere and connects to nobody, but resolves names as a start does. Blocks.
     *
     * @param out receives what a start would do
     * @param err receives what is wrong
     * @return the settings; empty if something is wrong
     */
    public static Optional<ProcessSettings> run(Launcher launch, PrintWriter out, PrintWriter err) {
        SpringApplication application = new SpringApplication(Beans.class);
        application.addListeners(new FailureReport(err));
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false);
        ConfigurableApplicationContext context;
        try {
            context = launch.run(application);
        } catch (RuntimeException e) {
            FailureReport.reset();
            return Optional.empty(); // FailureReport has printed the reason
        }
        try (context) {
            ProcessSettings configuration = context.getBean(ProcessSettings.class);
            List<Remark> wrong =
                    configuration.remarks().stream().filter(Remark::wrong).toList();
            if (wrong.isEmpty()) {
                new DryRun(configuration, out).report(context.getBean(Admin.class));
            } else {
                err.println("The process would start, but this is wrong:");
                wrong.forEach(remark -> err.println("  " + remark.text()));
                err.flush();
            }
            return Optional.of(configuration).filter(right -> wrong.isEmpty());
        }
    }

    /** The beans that the checks need, and Spring Boot's own properties for the admin API. */
    @Import(PropertiesConfiguration.class)
    @ImportAutoConfiguration(SslAutoConfiguration.class)
    @EnableConfigurationProperties(ServerProperties.class)
    static class Beans {
        @Bean
        Admin admin(ServerProperties properties, PortProxyProperties own, SslBundles bundles, Environment environment) {
            Ssl ssl = properties.getSsl();
            String bundle = ssl == null ? null : ssl.getBundle();
            if (bundle != null && !bundles.getBundleNames().contains(bundle)) {
                Problems problems = new Problems(new EnvironmentValues(environment));
                problems.add(
                        Place.property("server.ssl.bundle"),
                        bundle,
                        "there is no such SSL bundle",
                        "set spring.ssl.bundle.pem." + bundle + ".*, or write another bundle's name");
                problems.throwIfAny();
            }
            InetAddress address = properties.getAddress();
            Integer port = properties.getPort();
            return new Admin(
                    new InetSocketAddress(
                            address == null ? new InetSocketAddress(0).getAddress() : address,
                            port == null ? DEFAULT_PORT : port),
                    ssl != null,
                    own.admin().enabled());
        }
    }

    /** The address where the admin API would listen. */
    private record Admin(InetSocketAddress address, boolean tls, boolean enabled) {}

    private void report(Admin admin) {
        long warnings = StartReport.lines(configuration).stream()
                .filter(StartReport.Line::warning)
                .count();
        out.println("Nothing is wrong"
                + (warnings == 0
                        ? ""
                        : ", but there " + (warnings == 1 ? "is a warning" : "are " + warnings + " warnings"))
                + ". A start would do this:");
        say(false);
        configuration
                .server()
                .ifPresent(server -> server.settings().remotes().forEach(remote -> proof(server, remote)));
        configuration.client().ifPresent(this::targets);
        if (admin.enabled()) {
            report(admin.address(), admin.tls());
        } else {
            out.println("  there is no admin API");
        }
        say(true);
        out.flush();
    }

    private void say(boolean warnings) {
        StartReport.lines(configuration).stream()
                .filter(line -> line.warning() == warnings)
                .forEach(line -> out.println("  " + (warnings ? "WARNING: " : "") + line.text()));
    }

    private void proof(CheckedServer server, RemoteSettings remote) {
        boolean certified = server.settings().port().asksForCertificates();
        int tokens = remote.tokens().size();
        out.println("  remote " + remote.name() + " authenticates with "
                + (tokens == 0 ? "" : tokens == 1 ? "a token" : "one of " + tokens + " tokens")
                + (tokens > 0 && certified ? " and " : "")
                + (certified ? "a certificate" : tokens == 0 ? "nothing: anybody may have the name" : ""));
    }

    private void targets(ClientSettings client) {
        String allowed = client.allow().stream().map(AllowedTarget::text).collect(Collectors.joining(", "));
        out.println("  remote " + client.name() + " opens " + allowed + " and nothing else; it "
                + (client.token().equals(Token.NONE) ? "has no token" : "authenticates with a token"));
    }

    private void report(InetSocketAddress admin, boolean tls) {
        String users = configuration.admin().users().stream()
                .map(user -> user.name()
                        + (user.rights() == Rights.VIEWER
                                ? ""
                                : " (" + user.rights().key() + ")"))
                .collect(Collectors.joining(", "));
        out.println("  the admin API listens at " + Sockets.text(admin) + (tls ? " (TLS)" : "") + " for "
                + (users.isEmpty() ? "admin, with a new password at each start, which the log shows" : users)
                + (configuration.admin().openPrometheus() ? "; metrics are open to anybody" : ""));
    }
}
