package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.http.ForwardedHeaders;
import io.portproxy.http.HostHeader;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.TestCertificates;
import io.portproxy.testing.TestSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the table of operations.md, "Web applications": what works with each application through a port of {@code type: http} and through
 * a host at a gateway, by the name at which users reach it and by what happens with {@code Host}.
 */
@ParameterizedClass
@EnumSource
class WebApplicationsIT {
    /** The form in which a user writes the exposed address. */
    enum Reached {
        BY_LOCALHOST("localhost"),
        BY_ADDRESS("127.0.0.1"),
        BY_NAME("proxy.example.net"),
        /** HTTPS, which ends at a gateway. Each policy has a host. */
        BY_GATEWAY("%s.dev.example");

        final String host;

        Reached(String host) {
            this.host = host;
        }

        boolean isName() {
            return this == BY_NAME || this == BY_GATEWAY;
        }
    }

    @RegisterExtension
    static final Children children = Children.ofClass();

    @TempDir
    static Path folder;

    private static final Map<HostHeader.Policy, Integer> ports = new EnumMap<>(HostHeader.Policy.class);
    private static WebApplication.Running running;
    private static int gatewayPort;
    private static ServerUnderTest server;
    private static ClientUnderTest client;

    @Parameter
    WebApplication application;

    @BeforeParameterizedClassInvocation
    static void start(WebApplication application) throws Exception {
        running = application.start(children, folder);
        List<PortSettings> exposed = new ArrayList<>();
        List<HostSettings> hosts = new ArrayList<>();
        for (HostHeader.Policy policy : HostHeader.Policy.values()) {
            HttpRewriteSettings http = new HttpRewriteSettings(
                    policy, "127.0.0.1:" + running.port(), ForwardedHeaders.ADD, List.of(), TlsGateway.MAX_HEAD);
            exposed.add(new PortSettings(TestSettings.anyPort(), Optional.empty(), running.port(), Optional.of(http)));
            hosts.add(TlsGateway.host(hostOf(policy), running.port(), http));
        }
        RemoteSettings remote = new RemoteSettings("r", Speech.EXTENDED.tokens(), exposed).withHosts(hosts);
        server = new ServerUnderTest(TestSettings.server(remote).withGateways(List.of(TlsGateway.settings())));
        client = new ClientUnderTest(Speech.EXTENDED.client("r", server.tunnelAddress()));
        int index = 0;
        for (HostHeader.Policy policy : HostHeader.Policy.values()) {
            ports.put(policy, server.exposed(index++).getPort());
        }
        gatewayPort = server.role().gatewayAddresses().get(0).getPort();
        client.awaitConnected(server);
    }

    private static String hostOf(HostHeader.Policy policy) {
        return Reached.BY_GATEWAY.host.formatted(policy.name().toLowerCase(Locale.ROOT));
    }

    private static WebUser user(HostHeader.Policy policy, Reached reached) {
        return reached == Reached.BY_GATEWAY
                ? new WebUser(gatewayPort, hostOf(policy), TestCertificates.context("", TestCertificates.CA))
                : new WebUser(ports.get(policy), reached.host);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        client.close();
        server.close();
        running.close();
    }

    static List<Arguments> ways() {
        List<Arguments> ways = new ArrayList<>();
        for (HostHeader.Policy policy : HostHeader.Policy.values()) {
            for (Reached reached : Reached.values()) {
                ways.add(Arguments.of(policy, reached));
            }
        }
        return ways;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void worksAsTheTableSays(HostHeader.Policy policy, Reached reached) throws Exception {
        WebUser user = user(policy, reached);

        Map<String, String> outcome = running.use(user);

        if (application.refusesNames && policy == HostHeader.Policy.PRESERVE && reached.isName()) {
            assertThat(outcome.get("page")).isIn("403", "404");
        } else if (application.believesForwardedHost && policy == HostHeader.Policy.REWRITE) {
            assertThat(outcome).containsEntry("page", "works").containsEntry("form", "403");
        } else if (application == WebApplication.COMPARES_ORIGIN_WITH_HOST
                && policy == HostHeader.Policy.PRESERVE
                && reached == Reached.BY_GATEWAY) {
            // It does not know about TLS, so it redirects to http. A gateway with redirect-to-https must be there.
            assertThat(outcome)
                    .containsEntry("redirect", user.origin().replaceFirst("^https", "http") + "/home")
                    .containsEntry("form", "works")
                    .containsEntry("WebSocket", "works");
        } else {
            assertThat(outcome)
                    .containsKey("page")
                    .allSatisfy((what, how) -> assertThat(how).as(what).isEqualTo("works"));
        }
    }
}
