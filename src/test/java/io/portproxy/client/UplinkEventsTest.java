package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Tests the events of a remote whose tunnels come and go on several loops at the same time. */
class UplinkEventsTest {
    private static final TunnelView TUNNEL = new TunnelView(
            "192.0.2.1:9015", "extended", "plain", Instant.EPOCH, 0, Optional.empty(), true, 0, 0, true, true);

    private final List<Event> told = new CopyOnWriteArrayList<>();
    private final UplinkEvents events = new UplinkEvents(new RemoteEvents(this::tell, false, "r"));
    private final Thread comingBack = new Thread(() -> events.tunnelUp(TUNNEL));

    /** Records an event. During a "remote down" event, another loop reports a new tunnel. */
    private void tell(Event event) {
        if (event.type() == Event.Type.REMOTE_DOWN) {
            comingBack.start();
            await().until(() ->
                    comingBack.getState() == Thread.State.BLOCKED || comingBack.getState() == Thread.State.TERMINATED);
        }
        told.add(event);
    }

    @Test
    void theLastThatIsToldOfTheRemoteIsWhatItIs() throws InterruptedException {
        events.tunnelUp(TUNNEL);
        events.tunnelDown(TUNNEL, Reason.TUNNEL_LOST, "gone");
        comingBack.join();
        assertThat(told.stream().map(Event::type).filter(type -> type.name().startsWith("REMOTE_")))
                .containsExactly(Event.Type.REMOTE_UP, Event.Type.REMOTE_DOWN, Event.Type.REMOTE_UP);
    }
}
