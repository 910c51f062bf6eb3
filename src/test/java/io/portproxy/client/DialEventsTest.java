package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.Event;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Tests the events and log lines of a remote that cannot reach its server. */
class DialEventsTest {
    private final List<Event> events = new CopyOnWriteArrayList<>();

    @Test
    void eachTryThatFailsIsAnEventAndTheFirstALineWithTheRemotesName() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) free.getLocalSocketAddress();
        }
        try (LogRecorder log = new LogRecorder();
                ClientUnderTest client = new ClientUnderTest(
                        TestSettings.client("r", nobody),
                        (made, loops, tls, memory) -> new ProxyClient(made, loops, tls, memory, events::add))) {
            await().until(() -> events.size() >= 2);
            assertThat(events).allSatisfy(event -> {
                assertThat(event.type()).isEqualTo(Event.Type.DIAL_FAILED);
                assertThat(event.whose().remote()).isEqualTo("r");
                assertThat(event.whose().server()).isFalse();
                assertThat(event.subject().address()).isEqualTo("localhost:" + nobody.getPort());
                assertThat(event.why().message()).contains("refused");
            });
            assertThat(log.fieldsOf("no tunnel to localhost:" + nobody.getPort()))
                    .isNotEmpty()
                    .allMatch(List.of("remote=r")::equals);
            assertThat(client.connected()).isFalse();
        }
    }
}
