package io.portproxy.config.problem;

import java.util.Map;

/**
 * The place of a value: a property, or a part of the JSON body of a request. Checks move down with {@link #key} and
 * {@link #entry}, and need not know which of the two it is.
 *
 * @param text the name for messages: {@code portproxy.server.proxy[0].remote-name}, or for a body a JSON pointer (RFC 6901), such
 *     as {@code /ports/3/remote}
 * @param isProperty whether it is a property; otherwise it is in a body
 */
public record Place(String text, boolean isProperty) {
    /** The names in a body of those keys that have other names in files. */
    private static final Map<String, String> NAMES_IN_A_BODY = Map.ofEntries(
            Map.entry("remote-name", "name"),
            Map.entry("port-list", "ports"),
            Map.entry("host-list", "hosts"),
            Map.entry("host-header", "hostHeader"),
            Map.entry("forwarded-headers", "forwardedHeaders"),
            Map.entry("trusted-proxies", "trustedProxies"),
            Map.entry("max-request-head", "maxRequestHead"),
            Map.entry("response-timeout", "responseTimeout"),
            Map.entry("proxy-protocol", "proxyProtocol"),
            Map.entry("accept-proxy-protocol", "acceptProxyProtocol"),
            Map.entry("idle-timeout", "idleTimeout"),
            Map.entry("max-sessions", "maxSessions"),
            Map.entry("max-sessions-per-user", "maxSessionsPerUser"),
            Map.entry("reply-limit", "replyLimit"),
            Map.entry("connections-per-user", "connectionsPerUser"),
            Map.entry("opens-per-second", "opensPerSecond"),
            Map.entry("opens-per-second-per-user", "opensPerSecondPerUser"),
            Map.entry("bandwidth-per-connection", "bandwidthPerConnection"),
            Map.entry("max-duration", "maxDuration"),
            Map.entry("hold-while-away", "holdWhileAway"),
            Map.entry("max-age", "maxAge"),
            Map.entry("include-subdomains", "includeSubdomains"),
            Map.entry("max-remotes", "maxRemotes"),
            Map.entry("public-port", "publicPort"),
            Map.entry("redirect-to-https", "redirectToHttps"),
            Map.entry("request-timeout", "requestTimeout"),
            Map.entry("max-pending", "maxPending"));

    /**
     * Returns the place of a property by its canonical name. A message may also use another text in place of one, such as a
     * file's path.
     */
    public static Place property(String name) {
        return new Place(name, true);
    }

    /**
     * Returns a place in a request's body.
     *
     * @param pointer a JSON pointer; empty for the whole body
     */
    public static Place body(String pointer) {
        return new Place(pointer, false);
    }

    /** Returns the place of a key below this place. */
    public Place key(String name) {
        return isProperty
                ? property(text + "." + name)
                : body(text + "/" + escaped(NAMES_IN_A_BODY.getOrDefault(name, name)));
    }

    /** Escapes a name for a JSON pointer (RFC 6901, section 3). */
    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** Returns the place of an entry of the list at this place. The first entry is 0. */
    public Place entry(int index) {
        return isProperty ? property(text + "[" + index + "]") : body(text + "/" + index);
    }

    /** Returns whether the other place is this one or below it. */
    public boolean contains(Place other) {
        return isProperty == other.isProperty
                && other.text.startsWith(text)
                && (other.text.length() == text.length()
                        || (isProperty ? ".[" : "/").indexOf(other.text.charAt(text.length())) >= 0);
    }

    @Override
    public String toString() {
        return text;
    }
}
