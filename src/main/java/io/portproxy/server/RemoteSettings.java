package io.portproxy.server;

import io.portproxy.protocol.TokenVerifier;
import java.util.List;

/**
 * A remote name, who may say it, and the ports that the proxy server exposes for it.
 *
 * @param name the remote name, 1 to 255 bytes of UTF-8
 * @param enabled whether it may have tunnels; otherwise they are refused and its users are reset
 * @param tokens what is kept of the tokens, any of which proves that a remote may have the name; empty: whoever says it may
 * @param ports the exposed ports
 */
public record RemoteSettings(String name, boolean enabled, List<TokenVerifier> tokens, List<PortSettings> ports) {

    public RemoteSettings {
        tokens = List.copyOf(tokens);
        ports = List.copyOf(ports);
    }

    /** The same with other tokens. */
    public RemoteSettings withTokens(List<TokenVerifier> others) {
        return new RemoteSettings(name, enabled, others, ports);
    }

    /** One that is enabled. */
    public RemoteSettings(String name, List<TokenVerifier> tokens, List<PortSettings> ports) {
        this(name, true, tokens, ports);
    }
}
