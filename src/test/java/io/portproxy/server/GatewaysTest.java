package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.user.WebServices;
import io.portproxy.testing.PortRanges;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Tests that a change of gateways that fails leaves nothing bound. */
class GatewaysTest {
    private static GatewaySettings gateway(String name, int port) {
        return GatewaySettings.plain(
                name,
                GatewaySettings.Address.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                new GatewaySettings.Requests(Duration.ofSeconds(10), 100, 4096));
    }

    @Test
    void anAddressIsFreeAgainIfABugStopsThePreparation() throws Exception {
        int port = PortRanges.free(2);
        try (EventLoopGroup loops = new EventLoopGroup("gateways-", 1, new MemoryBudget(1 << 20));
                TlsResources tls = new TlsResources(1)) {
            loops.start();
            Iterator<EventLoop> one =
                    List.of(loops.next()).iterator(); // the second gateway gets none, which plays the bug
            Gateways gateways = new Gateways(one::next, tls, remote -> {}, WebServices.NONE, Duration.ofSeconds(10));

            assertThatThrownBy(() -> gateways.prepare(List.of(gateway("one", port), gateway("other", port + 1))))
                    .isInstanceOf(NoSuchElementException.class);

            assertThat(gateways.all()).isEmpty();
            try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(again.isBound()).isTrue();
            }
        }
    }
}
