package io.portproxy.http;

import io.portproxy.net.IpText;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The settings of a port, as they apply to the requests of one connection. */
final class RequestRules {
    private final Optional<String> host;
    private final boolean trusted;
    private final boolean adds;
    private final HttpOrigin origin;
    private final FieldRules fields;
    private final boolean takesCredentials;

    RequestRules(HttpRewriteSettings settings, HttpOrigin origin) {
        this.host = settings.host();
        this.adds = settings.forwardedHeaders() == ForwardedHeaders.ADD;
        this.trusted = adds && settings.trusts(origin.user());
        this.origin = origin;
        this.fields = settings.headers().request();
        this.takesCredentials = settings.auth().filter(auth -> !auth.pass()).isPresent();
    }

    /** Returns the new value of {@code Host}; empty if {@code Host} stays as it is. */
    Optional<String> host() {
        return host;
    }

    /** Returns the other fields that are taken out and added. */
    FieldRules fields() {
        return fields;
    }

    /** Returns whether credentials of the scheme {@code Basic} are for PortProxy and not for the target. */
    boolean takesCredentials() {
        return takesCredentials;
    }

    /** Returns whether the user is trusted, so that its forwarded fields are kept. */
    boolean trusted() {
        return trusted;
    }

    /** Returns whether the target learns where a request came from. */
    boolean adds() {
        return adds;
    }

    /** Returns the user's address as {@code X-Forwarded-For} writes it. */
    String user() {
        return IpText.of(origin.user());
    }

    /** Returns the user's address as {@code Forwarded} writes it (RFC 7239 section 6). */
    String forwardedUser() {
        String text = user();
        return text.indexOf(':') < 0 ? "for=" + text : "for=\"[" + text + "]\"";
    }

    /** Returns whether the user's requests came inside TLS that ended here. */
    boolean secure() {
        return origin.secure();
    }

    /** Returns the port that the user connected to; the port of {@code http} for a unix socket. */
    int exposedPort() {
        return origin.exposed() instanceof InetSocketAddress ip ? ip.getPort() : Authority.HTTP_PORT;
    }
}
