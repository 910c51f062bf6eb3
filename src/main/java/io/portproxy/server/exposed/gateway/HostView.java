package io.portproxy.server.exposed.gateway;

import java.util.List;

/**
 * The state of a host at gateways at one moment.
 *
 * @param address what users ask for: {@code app.example.com/api}
 * @param urls the URLs that users write, https before http; none for a host that stands for many names
 * @param target the target's {@code host:port} as the remote sees it
 * @param granted whether the remote has asked for the host; otherwise the host is configured
 */
public record HostView(String address, List<String> urls, String target, boolean granted) {
    public HostView {
        urls = List.copyOf(urls);
    }
}
