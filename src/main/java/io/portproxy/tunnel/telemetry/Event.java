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
 * @param whose who has seen it, and at which remote
 * @param subject what it happened to
 * @param why the reason
 * @param amounts how much was carried, and for how long
 */
public record Event(Type type, long atMillis, Whose whose, Subject subject, Why why, Amounts amounts) {
    private static final long NONE = -1;

    /** Creates an event with the current time. */
    static Event now(Type type, Whose whose, Subject subject, Why why, Amounts amounts) {
        return new Event(type, System.currentTimeMillis(), whose, subject, why, amounts);
    }

    /**
     * Creates an event about a certificate, with the current time.
     *
     * @param message the name that the certificate is for, and details
     */
    public static Event ofCertificate(Type type, String message) {
        return now(type, new Whose(true, ""), Subject.NONE, Why.message(message), Amounts.NONE);
    }

    /**
     * The end of a remote's tunnels that has seen the event. A process that has both roles sees a remote at both ends.
     *
     * @param server whether the proxy server has seen it; otherwise the remote has
     * @param remote the remote's name; in a refused greeting, the name that the peer claimed
     */
    public record Whose(boolean server, String remote) {}

    /** What an event happened to. */
    public sealed interface Subject {
        /** The remote itself, or something that only the message names. */
        Subject NONE = new Itself();

        /** Returns the address of the other end of a tunnel or a greeting. */
        default String address() {
            return "";
        }

        /** Returns the exposed address. */
        default String port() {
            return "";
        }

        /** Returns the stream's 48-bit name. */
        default long identity() {
            return Event.NONE;
        }

        /** Returns the user's address. */
        default String user() {
            return "";
        }

        /** Returns the target's {@code host:port} as the remote sees it. */
        default String target() {
            return "";
        }

        /** Returns the identity as people see it: 12 hexadecimal digits; empty if there is none. */
        default String identityText() {
            return identity() < 0 ? "" : Identity.format(identity());
        }
    }

    private record Itself() implements Subject {}

    /** A tunnel, or a connection that should become one. */
    public record Peer(String address) implements Subject {}

    /** An exposed address, and the target that it leads to. */
    public record Port(String port, String target) implements Subject {}

    /** A user's connection that did not become a stream. */
    public record User(String port, String user, String target) implements Subject {}

    /** A stream. */
    public record Carried(String port, long identity, String user, String target) implements Subject {}

    /**
     * The reason of an event.
     *
     * @param reason the reason's key, as in {@code user_reset}
     * @param message more about it, for people
     */
    public record Why(String reason, String message) {
        /** No reason, and nothing more to say. */
        public static final Why NONE = message("");

        /** Returns no reason, but more about the event. */
        public static Why message(String text) {
            return new Why("", text);
        }

        /** Returns a reason without a message. */
        public static Why reason(String key) {
            return new Why(key, "");
        }
    }

    /**
     * The amounts of an event: what a stream or a tunnel was used for.
     *
     * @param bytesIn bytes that came from the user
     * @param bytesOut bytes that came for the user
     * @param lastedNanos how long the stream or the tunnel existed, in nanoseconds
     */
    public record Amounts(long bytesIn, long bytesOut, long lastedNanos) {
        /** Nothing that is measured. */
        public static final Amounts NONE = lasted(Event.NONE);

        /** Returns how long a tunnel existed, in nanoseconds. Its bytes are not counted. */
        public static Amounts lasted(long nanos) {
            return new Amounts(Event.NONE, Event.NONE, nanos);
        }
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
