package io.portproxy.server.exposed;

import java.util.List;

/**
 * A host at gateways as it was at one moment.
 *
 * @param address what users ask for: {@code app.example.com/api}
 * @param urls what users write to reach it, https before http; none for one that means many names
 * @param target the target's {@code host:port} as the remote sees it
 * @param granted whether the remote has asked for it; otherwise it is configured
 */
public record HostView(String address, List<String> urls, String target, boolean granted) {
    public HostView {
        urls = List.copyOf(urls);
    }
}
