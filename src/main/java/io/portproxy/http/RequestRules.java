package io.portproxy.http;

import io.portproxy.net.IpText;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What the settings of a port mean for the requests of one connection. */
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

    /** What {@code Host} becomes; empty if it stays as it is. */
    Optional<String> host() {
        return host;
    }

    /** Which other fields are taken out and put in. */
    FieldRules fields() {
        return fields;
    }

    /** Whether credentials of the scheme {@code Basic} are for us, and not for the target. */
    boolean takesCredentials() {
        return takesCredentials;
    }

    /** Whether the user's word on where its requests came from is kept. */
    boolean trusted() {
        return trusted;
    }

    /** Whether the target is told where a request came from. */
    boolean adds() {
        return adds;
    }

    /** The user's address as {@code X-Forwarded-For} has it. */
    String user() {
        return IpText.of(origin.user());
    }

    /** The user's address as {@code Forwarded} has it (RFC 7239 section 6). */
    String forwardedUser() {
        String text = user();
        return text.indexOf(':') < 0 ? "for=" + text : "for=\"[" + text + "]\"";
    }

    /** Whether the user's requests came inside TLS that ended here. */
    boolean secure() {
        return origin.secure();
    }

    /** The port that the user connected to; that of {@code http} for a unix socket. */
    int exposedPort() {
        return origin.exposed() instanceof InetSocketAddress ip ? ip.getPort() : Authority.HTTP_PORT;
    }
}
