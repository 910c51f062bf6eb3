package io.portproxy.config.problem;

import java.util.Map;

/**
 * Where something is written: below a property, or in the JSON body of a request. Checks go down by {@link #key} and
 * {@link #entry}, and need not know which of the two it is.
 *
 * @param text as a message names it: {@code portproxy.server.proxy[0].remote-name}, or for a body a JSON pointer (RFC 6901), such
 *     as {@code /ports/3/remote}
 * @param isProperty whether it is a property; otherwise it is in a body
 */
public record Place(String text, boolean isProperty) {
    /** What a body calls the keys of files. All others have the same name in both. */
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

    /** A property by its canonical name, or what stands in the place of one in a message, such as a file's path. */
    public static Place property(String name) {
        return new Place(name, true);
    }

    /**
     * A place in a request's body.
     *
     * @param pointer a JSON pointer; empty for the whole of it
     */
    public static Place body(String pointer) {
        return new Place(pointer, false);
    }

    /** What is written for a key here. */
    public Place key(String name) {
        return isProperty
                ? property(text + "." + name)
                : body(text + "/" + escaped(NAMES_IN_A_BODY.getOrDefault(name, name)));
    }

    /** A name as a JSON pointer has it (RFC 6901, section 3). */
    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** An entry of the list here, the first of which is 0. */
    public Place entry(int index) {
        return isProperty ? property(text + "[" + index + "]") : body(text + "/" + index);
    }

    /** Whether the other one is this one, or somewhere below it. */
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
