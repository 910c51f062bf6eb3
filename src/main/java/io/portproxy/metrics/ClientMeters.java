package io.portproxy.metrics;

import io.portproxy.client.ClientView;
import io.portproxy.client.ProxyClient;
import io.portproxy.tunnel.telemetry.DatagramCounts;

/** The meters of the remote. */
public final class ClientMeters {

    /**
     * @param series receives the metrics
     * @param client is not called before the first scrape
     */
    public ClientMeters(Series series, ProxyClient client) {
        series.add(samples -> add(samples, client.view()));
    }

    static void add(Samples samples, ClientView view) {
        Samples ofRemote = samples.with("role", "client").with("remote", view.name());
        StreamMeters.add(ofRemote.with("port", "none"), view.streams(), view.delays());
        TunnelMeters.add(ofRemote, view.tunnels().stream(), view.counts());
        ofRemote.counter(
                "portproxy_tunnel_failures", "How often a tunnel was lost or did not come up", view.failures());
        ofRemote.counter(
                "portproxy_asked_targets_forgotten",
                "Targets that the server asked for and that are not remembered any more, as there were too many",
                view.forgotten());
        addServers(ofRemote, "dialled", view.servers().size());
        addServers(
                ofRemote,
                "up",
                view.servers().stream().filter(server -> server.up() > 0).count());
        addServers(ofRemote, "skipped", view.skipped());
        if (!view.datagrams().equals(DatagramCounts.NONE)) {
            DatagramMeters.add(ofRemote.with("port", "none"), view.datagrams());
        }
        view.counts()
                .refused()
                .forEach((reason, count) -> ofRemote.with("reason", reason)
                        .counter("portproxy_streams_refused", "Streams that the server wanted and did not get", count));
    }

    private static void addServers(Samples ofRemote, String state, long count) {
        ofRemote.with("state", state)
                .gauge(
                        "portproxy_servers",
                        "Addresses of proxy servers that are dialled, that have a tunnel, and that are skipped as too many",
                        count);
    }
}
