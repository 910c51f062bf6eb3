package io.portproxy.client;

import io.portproxy.net.Sockets;
import java.util.Optional;

/**
 * The place where a proxy server exposes a target of this remote.
 *
 * @param target the target's {@code host:port}
 * @param host the host that users connect to
 * @param port the port that users connect to
 * @param url the URL that users of a web application open, for example {@code https://ann.dev.example.com}; empty for a port
 */
public record ExposedTarget(String target, String host, int port, Optional<String> url) {
    /** A target that is exposed at a port. */
    public ExposedTarget(String target, String host, int port) {
        this(target, host, port, Optional.empty());
    }

    /** Returns a web application that is exposed at a URL. */
    static ExposedTarget web(String target, String url, int port) {
        int slashes = url.indexOf("//");
        String authority = slashes < 0 ? url : url.substring(slashes + 2);
        int colon = authority.indexOf(':');
        return new ExposedTarget(target, colon < 0 ? authority : authority.substring(0, colon), port, Optional.of(url));
    }

    /** Returns the URL for users. */
    public String text() {
        return url.orElseGet(() -> "tcp://" + address());
    }

    /** Returns the {@code host:port} that users connect to. */
    public String address() {
        return Sockets.text(host, port);
    }
}
