package io.portproxy.tunnel.telemetry;

import io.portproxy.protocol.Identity;
import java.util.Locale;

/**
 * Something that has happened, for observers. There is one event for each stream that opens and closes, so an event
 * only refers to existing values; readers create texts from it. A text that does not apply is empty, and a number that
 * does not apply is negative.
 *
 * @param type what has happened
 * @param atMillis when, in milliseconds since 1970
 * @param server whether the proxy server has seen it; otherwise the remote has
 * @param remote the remote's name; in a refused greeting, the name that the peer claimed
 * @param address the address of the other end of a tunnel or a greeting
 * @param port the exposed address
 * @param identity the stream's 48-bit name
 * @param user the user's address
 * @param target the target's {@code host:port} as the remote sees it
 * @param reason the reason's key, as in {@code user_reset}
 * @param bytesIn bytes that came from the user
 * @param bytesOut bytes that came for the user
 * @param lastedNanos how long the stream or the tunnel existed, in nanoseconds
 * @param message more about it, for people
 */
public record Event(
        Type type,
        long atMillis,
        boolean server,
        String remote,
        String address,
        String port,
        long identity,
        String user,
        String target,
        String reason,
        long bytesIn,
        long bytesOut,
        long lastedNanos,
        String message) {

    /**
     * Creates an event about a certificate, with the current time.
     *
     * @param message the name that the certificate is for, and details
     */
    public static Event ofCertificate(Type type, String message) {
        long now = System.currentTimeMillis();
        return new Event(type, now, true, "", "", "", -1, "", "", "", -1, -1, -1, message);
    }

    /** Returns the identity as people see it: 12 hexadecimal digits; empty if there is none. */
    public String identityText() {
        return identity < 0 ? "" : Identity.format(identity);
    }

    /** The types of events. */
    public enum Type {
        /** A remote has its first tunnel. */
        REMOTE_UP,
        /** A remote has lost its last tunnel. */
        REMOTE_DOWN,
        /** A tunnel has come up. */
        TUNNEL_UP,
        /** A tunnel has ended. */
        TUNNEL_DOWN,
        /** A user's connection is carried. */
        STREAM_OPENED,
        /** A user's connection has ended. */
        STREAM_CLOSED,
        /** A user was reset at once, because no stream could be opened. At the remote: it has refused a stream. */
        STREAM_REFUSED,
        /** A connection to the tunnel port did not become a tunnel. */
        GREETING_REFUSED,
        /** The remote failed to open a tunnel. */
        DIAL_FAILED,
        /** A remote was added while the server runs. */
        REMOTE_ADDED,
        /** A remote, its ports or its tokens were changed while the server runs. */
        REMOTE_CHANGED,
        /** A remote was removed while the server runs. */
        REMOTE_REMOVED,
        /** A gateway was added while the server runs. */
        GATEWAY_ADDED,
        /** A gateway was changed while the server runs. */
        GATEWAY_CHANGED,
        /** A gateway was removed while the server runs. */
        GATEWAY_REMOVED,
        /** A port that the remote has asked for is exposed. */
        PORT_EXPOSED,
        /** A port that the remote has asked for is closed. */
        PORT_CLOSED,
        /** A port that the remote has asked for is refused. */
        PORT_REFUSED,
        /** The server cannot listen on an address. */
        BIND_REFUSED,
        /** Most of a quota is used. */
        QUOTA_WARNING,
        /** A quota is used up: users are refused. */
        QUOTA_EXCEEDED,
        /** ACME has issued a new certificate. */
        CERTIFICATE_ISSUED,
        /** ACME has issued no certificate. The present one stays in use. */
        CERTIFICATE_FAILED;

        /**
         * Returns whether each connection causes such an event: there may be thousands in a second. All others are
         * rare.
         */
        public boolean isFrequent() {
            return switch (this) {
                case STREAM_OPENED, STREAM_CLOSED, STREAM_REFUSED, GREETING_REFUSED -> true;
                default -> false;
            };
        }

        /** Returns the name in the API, as in {@code stream-closed}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
