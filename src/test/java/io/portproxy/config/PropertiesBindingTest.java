package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.client.AllowedPorts;
import io.portproxy.client.ClientSettings;
import io.portproxy.config.bind.BindFailures;
import io.portproxy.config.check.CheckedServer;
import io.portproxy.config.check.ConfigurationCheck;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.tls.AcmeDoor;
import io.portproxy.config.tls.TlsBundles;
import io.portproxy.http.ForwardedHeaders;
import io.portproxy.http.HostHeader;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.AddressRange;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.server.OnDuplicate;
import io.portproxy.server.ServerSettings;
import io.portproxy.server.exposed.PortSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Tests how text becomes settings. Only the check runs. Nothing listens or dials. */
class PropertiesBindingTest {
    private static final String KEBAB = """
            portproxy:
              shutdown-grace: 3s
              buffer-memory: 32MB
              server:
                bind: 127.0.0.1:9015
                heartbeat-interval: 2
                idle-timeout: 7
                max-greetings: 5
                on-duplicate: balance
                initial-window: 64KB
                proxy:
                  - remote-name: one
                    tokens: [a-first-token-of-ours, "0123456789012345"]
                    port-list:
                      - type: http
                        bind: 127.0.0.1:6688
                        remote: 17211
                        host-header: preserve
                        max-request-head: 4KB
                      - bind: 6689
                        remote: db.example:22
              client:
                name: one
                server: 127.0.0.1:9015
                heartbeat-interval: 2
                connect-timeout: 1500ms
                tunnel-buffer: 8MB
                token: a-first-token-of-ours
                allow: [17211, "DB.example:22", "[::1]:*"]
                tunnels: 3
                greeting-timeout: 4
                max-window: 1MB
                reconnect:
                  initial: 100ms
            """;

    static Stream<Arguments> spellings() {
        return Stream.of(
                Arguments.of("kebab-case", KEBAB),
                Arguments.of("snake_case", KEBAB.replaceAll("(?m)([a-z])-([a-z]+)(?=[a-z-]*:)", "$1_$2")),
                Arguments.of("camelCase", camelCase(KEBAB)));
    }

    private static String camelCase(String yaml) {
        return Pattern.compile("([a-z])-([a-z])(?=[a-z-]*:)")
                .matcher(yaml)
                .replaceAll(match -> match.group(1) + match.group(2).toUpperCase(Locale.ROOT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spellings")
    void takesEachSpelling(String spelling, String yaml) {
        assertThat(yaml.contains("port-list")).isEqualTo(spelling.equals("kebab-case"));

        run(yaml, "server,client").run(context -> {
            ProcessSettings check = context.getBean(ProcessSettings.class);
            ServerSettings server = check.server().orElseThrow().settings();
            ClientSettings client = check.client().orElseThrow();
            assertThat(check.shutdownGrace()).isEqualTo(Duration.ofSeconds(3));
            assertThat(server.tunnel().idleTimeout()).isEqualTo(Duration.ofSeconds(7));
            assertThat(server.port().maxGreetings()).isEqualTo(5);
            assertThat(check.bufferMemory()).isEqualTo(32L << 20);
            assertThat(server.port().onDuplicate()).isEqualTo(OnDuplicate.BALANCE);
            assertThat(server.tunnel().limits().initialWindow()).isEqualTo(64 << 10);
            assertThat(server.remotes()).singleElement().satisfies(remote -> {
                assertThat(remote.name()).isEqualTo("one");
                assertThat(remote.tokens()).hasSize(2);
                assertThat(remote.ports())
                        .extracting(port -> port.address().text())
                        .containsExactly("127.0.0.1:6688", "127.0.0.1:6689");
                assertThat(remote.ports()).extracting(PortSettings::targetPort).containsExactly(17211, 22);
                assertThat(remote.ports())
                        .extracting(PortSettings::targetHost)
                        .containsExactly(Optional.empty(), Optional.of("db.example"));
                assertThat(remote.ports().get(0).http())
                        .get()
                        .extracting(HttpRewriteSettings::maxRequestHead)
                        .isEqualTo(4096);
                assertThat(remote.ports().get(1).http()).isEmpty();
            });
            assertThat(client.tunnel().heartbeatInterval()).isEqualTo(Duration.ofSeconds(2));
            assertThat(client.times().connectTimeout()).isEqualTo(Duration.ofMillis(1500));
            assertThat(client.times().backoffInitial()).isEqualTo(Duration.ofMillis(100));
            assertThat(client.tunnel().limits().tunnelBuffer()).isEqualTo(8L << 20);
            assertThat(client.server()).isEqualTo(InetSocketAddress.createUnresolved("127.0.0.1", 9015));
            assertThat(client.dialect()).isEqualTo(Dialect.EXTENDED);
            assertThat(client.token()).isNotSameAs(Token.NONE);
            assertThat(client.tunnels()).isEqualTo(3);
            assertThat(client.times().greetingTimeout()).isEqualTo(Duration.ofSeconds(4));
            assertThat(client.tunnel().limits().maxWindow()).isEqualTo(1 << 20);
            assertThat(client.allow())
                    .containsExactly(
                            new AllowedPorts("127.0.0.1", Optional.of(17211)),
                            new AllowedPorts("db.example", Optional.of(22)),
                            new AllowedPorts("::1", Optional.empty()));
        });
    }

    @Test
    void fillsInTheDocumentedDefaults() {
        run(
                        "portproxy: {server: {proxy: [{remote-name: a, port-list: [{bind: 1, remote: 2}]}]},"
                                + " client: {name: a, server: '[::1]:9015'}}",
                        "server,client")
                .run(context -> {
                    ProcessSettings check = context.getBean(ProcessSettings.class);
                    ServerSettings server = check.server().orElseThrow().settings();
                    ClientSettings client = check.client().orElseThrow();
                    assertThat(check.workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
                    assertThat(check.shutdownGrace()).isEqualTo(Duration.ofSeconds(10));
                    assertThat(Sockets.text(server.port().bind())).isEqualTo("0.0.0.0:9015");
                    assertThat(server.port().greetingTimeout()).isEqualTo(Duration.ofSeconds(10));
                    assertThat(server.port().maxGreetings()).isEqualTo(1024);
                    assertThat(server.port().classicAllowed()).isTrue();
                    assertThat(server.port().onDuplicate()).isEqualTo(OnDuplicate.REPLACE);
                    assertThat(server.port().tls()).isEmpty();
                    assertThat(server.remotes().get(0).tokens()).isEmpty();
                    assertThat(client.tunnel().idleTimeout()).isEqualTo(Duration.ofSeconds(30));
                    assertThat(client.tunnel().limits().stallTimeout()).isEqualTo(Duration.ofSeconds(10));
                    assertThat(client.tunnel().lingerTimeout()).isEqualTo(Duration.ofSeconds(5));
                    assertThat(client.tunnel().limits().streamBuffer()).isEqualTo(1 << 20);
                    assertThat(client.tunnel().limits().tunnelBuffer()).isEqualTo(256L << 20);
                    assertThat(server.tunnel().limits().initialWindow()).isEqualTo(256 << 10);
                    assertThat(client.tunnel().limits().maxWindow()).isEqualTo(64 << 20);
                    assertThat(client.tunnel().limits().maxStreams()).isEqualTo(65536);
                    assertThat(client.dialect()).isEqualTo(Dialect.EXTENDED);
                    assertThat(client.token()).isSameAs(Token.NONE);
                    assertThat(client.tls()).isEmpty();
                    assertThat(client.allow()).containsExactly(new AllowedPorts("127.0.0.1", Optional.empty()));
                    assertThat(client.tunnels()).isEqualTo(1);
                    assertThat(client.times().greetingTimeout()).isEqualTo(Duration.ofSeconds(10));
                    assertThat(client.tunnel().heartbeatInterval()).isEqualTo(Duration.ofSeconds(5));
                    assertThat(client.times().connectTimeout()).isEqualTo(Duration.ofSeconds(5));
                    assertThat(client.times().backoffInitial()).isEqualTo(Duration.ofMillis(500));
                    assertThat(client.times().backoffMax()).isEqualTo(Duration.ofSeconds(15));
                    assertThat(client.server()).isEqualTo(InetSocketAddress.createUnresolved("::1", 9015));
                });
    }

    @Test
    void takesABarePortForTheTunnelAsAllAddresses() {
        run(KEBAB.replace("bind: 127.0.0.1:9015", "bind: 9016"), "server").run(context -> {
            CheckedServer server =
                    context.getBean(ProcessSettings.class).server().orElseThrow();
            assertThat(Sockets.text(server.settings().port().bind())).isEqualTo("0.0.0.0:9016");
        });
    }

    @Test
    void tellsTheRewritingOfHostsWhatWasWritten() {
        Map.of(
                        "default", HostHeader.Policy.PRESERVE,
                        "preserve", HostHeader.Policy.PRESERVE,
                        "rewrite", HostHeader.Policy.REWRITE,
                        "example.org:81", new HostHeader.Literal("example.org:81"))
                .forEach((text, expected) -> run(
                                KEBAB.replace("host-header: preserve", "host-header: " + text), "server")
                        .run(context ->
                                assertThat(rewriting(context).hostHeader()).isEqualTo(expected)));
        run(KEBAB.replace("host-header: preserve", ""), "server")
                .run(context -> assertThat(rewriting(context))
                        .isEqualTo(new HttpRewriteSettings(
                                HostHeader.Policy.PRESERVE, "127.0.0.1:17211", ForwardedHeaders.ADD, List.of(), 4096)));
    }

    @Test
    void tellsTheRewritingWhoIsTrustedAndWhetherToAddAnything() {
        run(KEBAB.replace("host-header: preserve", "trusted-proxies: [127.0.0.1, 10.0.0.0/8, 'fd00::/8']"), "server")
                .run(context -> assertThat(rewriting(context).trustedProxies())
                        .extracting(AddressRange::toString)
                        .containsExactly("127.0.0.1/32", "10.0.0.0/8", "fd00::/8"));
        run(KEBAB.replace("host-header: preserve", "forwarded-headers: none"), "server")
                .run(context ->
                        assertThat(rewriting(context).forwardedHeaders()).isEqualTo(ForwardedHeaders.NONE));
    }

    @Test
    void tellsTheRewritingOfHostsATargetBehindTheRemote() {
        run(KEBAB.replace("remote: 17211", "remote: '[2001:db8::1]:80'"), "server")
                .run(context -> assertThat(rewriting(context).target()).isEqualTo("[2001:db8::1]:80"));
    }

    @Test
    void takes127001AsTheHostThatEveryDialectReaches() {
        run(KEBAB.replace("remote: 17211", "remote: 127.0.0.1:17211"), "server").run(context -> {
            CheckedServer server =
                    context.getBean(ProcessSettings.class).server().orElseThrow();
            assertThat(server.settings().remotes().get(0).ports().get(0).targetHost())
                    .isEmpty();
        });
    }

    @Test
    void deniesTheClassicDialectWhenToldTo() {
        run(KEBAB.replace("on-duplicate: balance", "classic: deny"), "server").run(context -> {
            CheckedServer server =
                    context.getBean(ProcessSettings.class).server().orElseThrow();
            assertThat(server.settings().port().classicAllowed()).isFalse();
        });
    }

    private static HttpRewriteSettings rewriting(ApplicationContext context) {
        CheckedServer server = context.getBean(ProcessSettings.class).server().orElseThrow();
        return server.settings().remotes().get(0).ports().get(0).http().orElseThrow();
    }

    @Test
    void takesEnvironmentVariablesAndIgnoresThoseThatAClusterSets() {
        run("", "client")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                "systemEnvironment",
                                new SystemEnvironmentPropertySource(
                                        "systemEnvironment",
                                        Map.of(
                                                "PORTPROXY_CLIENT_NAME", "one",
                                                "PORTPROXY_CLIENT_SERVER", "127.0.0.1:1",
                                                "PORTPROXY_CLIENT_HEARTBEAT_INTERVAL", "3s",
                                                "PORTPROXY_CLIENT_RECONNECT_MAX", "4",
                                                "PORTPROXY_SERVICE_HOST", "127.0.0.1",
                                                "PORTPROXY_PORT_9015_TCP", "tcp://127.0.0.1:9015"))))
                .run(context -> {
                    ClientSettings client =
                            context.getBean(ProcessSettings.class).client().orElseThrow();
                    assertThat(client.tunnel().heartbeatInterval()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(client.times().backoffMax()).isEqualTo(Duration.ofSeconds(4));
                });
    }

    @Test
    void leavesTheKeysOfARoleThatIsNotActiveAlone() {
        run(
                        KEBAB.replace("connect-timeout: 1500ms", "connect-timeout: soon")
                                .replace("name: one\n    server", "server"),
                        "server")
                .run(context -> assertThat(
                                context.getBean(ProcessSettings.class).client())
                        .isEmpty());
    }

    private static ApplicationContextRunner run(String yaml, String profiles) {
        return new ApplicationContextRunner()
                .withBean(BindFailures.class)
                .withUserConfiguration(CheckOnly.class)
                .withInitializer(context -> {
                    try {
                        new YamlPropertySourceLoader()
                                .load("test.yml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                                .forEach(context.getEnvironment().getPropertySources()::addLast);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    context.getEnvironment().setActiveProfiles(profiles.split(","));
                });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(PortProxyProperties.class)
    static class CheckOnly {
        @Bean
        ProcessSettings check(PortProxyProperties properties, BindFailures failures, Environment environment) {
            return ConfigurationCheck.run(
                    properties, failures, environment, new TlsBundles(DefaultSslBundleRegistry::new), new AcmeDoor());
        }
    }
}
