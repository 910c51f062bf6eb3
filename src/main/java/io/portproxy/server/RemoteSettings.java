package io.portproxy.server;

import java.util.List;

/**
 * A remote name and the ports that the proxy server exposes for it.
 *
 * @param name the remote name, 1 to 255 bytes of UTF-8
 * @param ports the exposed ports
 */
public record RemoteSettings(String name, List<PortSettings> ports) {

    public RemoteSettings {
        ports = List.copyOf(ports);
    }
}
