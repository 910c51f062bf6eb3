package io.portproxy.server;

import io.portproxy.tunnel.TunnelSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a proxy server is to do, checked and resolved.
 *
 * @param bind where remotes connect; resolved, port 0 for any free port
 * @param remotes the remote names and the ports exposed for each; no name and no address twice
 * @param greetingTimeout how long a new tunnel may take until its greeting is complete
 * @param maxGreetings tunnels that may be without a complete greeting at a time; further ones are refused
 * @param tunnel the limits of each tunnel
 */
public record ServerSettings(
        InetSocketAddress bind,
        List<RemoteSettings> remotes,
        Duration greetingTimeout,
        int maxGreetings,
        TunnelSettings tunnel) {

    public ServerSettings {
        remotes = List.copyOf(remotes);
    }
}
