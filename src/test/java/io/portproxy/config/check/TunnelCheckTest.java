package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.properties.ClientProperties;
import io.portproxy.config.properties.ServerProperties;
import io.portproxy.config.properties.TunnelProperties;
import io.portproxy.tunnel.TunnelSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Tests that each key becomes the setting of the same name. All values are different. */
class TunnelCheckTest {
    private static final Map<String, String> KEYS = Map.of(
            "role.heartbeat-interval", "1",
            "role.idle-timeout", "2",
            "role.stall-timeout", "3",
            "role.linger-timeout", "4",
            "role.stream-buffer", "5KB",
            "role.tunnel-buffer", "6MB",
            "role.initial-window", "7KB",
            "role.max-window", "8KB",
            "role.max-streams", "9");

    private static TunnelSettings settings(Class<? extends TunnelProperties> role) {
        Binder binder = new Binder(new MapConfigurationPropertySource(KEYS));
        return new TunnelCheck(binder.bindOrCreate("role", role)).settings();
    }

    @Test
    void aServersKeysAreItsSettings() {
        assertSettings(settings(ServerProperties.class), 7 << 10);
    }

    @Test
    void aRemotesKeysAreItsSettingsButForTheInitialWindowWhichTheServerStates() {
        assertSettings(settings(ClientProperties.class), 4 << 10);
    }

    private static void assertSettings(TunnelSettings tunnel, int initialWindow) {
        assertThat(tunnel.heartbeatInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(tunnel.idleTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(tunnel.limits().stallTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(tunnel.lingerTimeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(tunnel.limits().streamBuffer()).isEqualTo(5 << 10);
        assertThat(tunnel.limits().tunnelBuffer()).isEqualTo(6 << 20);
        assertThat(tunnel.limits().initialWindow()).isEqualTo(initialWindow);
        assertThat(tunnel.limits().maxWindow()).isEqualTo(8 << 10);
        assertThat(tunnel.limits().maxStreams()).isEqualTo(9);
    }
}
