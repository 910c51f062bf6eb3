package io.portproxy.usage;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What is asked for.
 *
 * @param by hours, days or months
 * @param from those that begin then or later
 * @param to those that begin earlier than this
 * @param per what has a row of its own
 * @param remote of this remote alone
 * @param port of this port alone: an exposed address, a port's number or one within a range, or a host
 */
public record UsageQuery(Span by, Instant from, Instant to, Per per, Optional<String> remote, Optional<String> port) {

    /** What has a row of its own. */
    public enum Per {
        PORT,
        REMOTE,
        SERVER;

        /** The name in the API. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The one with that name. */
        public static Optional<Per> of(String key) {
            return Arrays.stream(values()).filter(per -> per.key().equals(key)).findFirst();
        }

        /** What a row of it is of. */
        UsageKey keyOf(UsageKey key) {
            return switch (this) {
                case PORT -> key;
                case REMOTE -> new UsageKey(key.remote(), "");
                case SERVER -> new UsageKey("", "");
            };
        }
    }

    /** Whether the port is asked for by its number. */
    public boolean isByNumber() {
        return port.filter(PortNumber::isWritten).isPresent();
    }

    /** Whether that port is asked for. */
    public boolean isOf(String text) {
        return port.map(written -> PortNumber.isMeant(text, written)).orElse(true);
    }

    /** Whether it is asked for. */
    boolean matches(UsageKey key) {
        return remote.map(key.remote()::equals).orElse(true) && isOf(key.port());
    }
}
