package io.portproxy.tunnel.telemetry;

import io.portproxy.protocol.Identity;
import java.util.Locale;

/**
 * Something that has happened, for those who watch. As there is one for each stream that opens and closes, it refers to
 * what is there already, and texts are made of it by those who read it. A text that does not apply is empty, and a number
 * negative.
 *
 * @param type what has happened
 * @param atMillis when, in milliseconds since 1970
 * @param server whether it was seen at the proxy server, else at the remote
 * @param remote the remote's name; in a refused greeting the one that was claimed
 * @param address the other end's address, of a tunnel or a greeting
 * @param port the exposed address
 * @param identity the stream's 48-bit name
 * @param user the user's address
 * @param target the target's {@code host:port} as the remote sees it
 * @param reason the reason's key, as in {@code user_reset}
 * @param bytesIn bytes that came from the user
 * @param bytesOut bytes that came for the user
 * @param lastedNanos how long the stream or the tunnel was there, in nanoseconds
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
     * One that is about a certificate, now.
     *
     * @param message the name that it is for, and what there is to say
     */
    public static Event ofCertificate(Type type, String message) {
        long now = System.currentTimeMillis();
        return new Event(type, now, true, "", "", "", -1, "", "", "", -1, -1, -1, message);
    }

    /** The identity as people see it: 12 hexadecimal digits; empty without one. */
    public String identityText() {
        return identity < 0 ? "" : Identity.format(identity);
    }

    /** What can happen. */
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
        /** A user was reset at once, as there could be no stream; at the remote, a stream that it does not take. */
        STREAM_REFUSED,
        /** A connection to the tunnel port came to nothing. */
        GREETING_REFUSED,
        /** The remote did not get a tunnel. */
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
        /** A port is exposed that the remote has asked for. */
        PORT_EXPOSED,
        /** A port that the remote had asked for is closed. */
        PORT_CLOSED,
        /** The remote has asked for a port and gets none. */
        PORT_REFUSED,
        /** An address cannot be listened on. */
        BIND_REFUSED,
        /** Most of a quota is used. */
        QUOTA_WARNING,
        /** A quota is used up: users are refused. */
        QUOTA_EXCEEDED,
        /** There is a new certificate by ACME. */
        CERTIFICATE_ISSUED,
        /** No certificate could be got by ACME; the one that there was stays in use. */
        CERTIFICATE_FAILED;

        /** Whether each connection causes one: there may be thousands in a second. All others are rare. */
        public boolean isFrequent() {
            return switch (this) {
                case STREAM_OPENED, STREAM_CLOSED, STREAM_REFUSED, GREETING_REFUSED -> true;
                default -> false;
            };
        }

        /** The name in the API, as in {@code stream-closed}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
