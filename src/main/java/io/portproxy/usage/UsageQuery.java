package io.portproxy.usage;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A query for rows of usage.
 *
 * @param by the period of each row
 * @param from the earliest beginning of rows
 * @param to rows that begin at this time or later are not included
 * @param per what each row is the sum of
 * @param remote if present, only usage of this remote
 * @param port if present, only usage of this port: an exposed address, a port's number or one within a range, or a host
 */
public record UsageQuery(Span by, Instant from, Instant to, Per per, Optional<String> remote, Optional<String> port) {

    /** What each row is the sum of. */
    public enum Per {
        PORT,
        REMOTE,
        SERVER;

        /** Returns the name in the API. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns the value with that name. */
        public static Optional<Per> of(String key) {
            return Arrays.stream(values()).filter(per -> per.key().equals(key)).findFirst();
        }

        /** Returns the key of the row to which usage with this key belongs. */
        UsageKey keyOf(UsageKey key) {
            return switch (this) {
                case PORT -> key;
                case REMOTE -> new UsageKey(key.remote(), "");
                case SERVER -> new UsageKey("", "");
            };
        }
    }

    /** Returns whether the query names the port by its number. */
    public boolean isByNumber() {
        return port.filter(PortNumber::isWritten).isPresent();
    }

    /** Returns whether the query includes that port. */
    public boolean isOf(String text) {
        return port.map(written -> PortNumber.isMeant(text, written)).orElse(true);
    }

    /** Returns whether the query includes usage with that key. */
    boolean matches(UsageKey key) {
        return remote.map(key.remote()::equals).orElse(true) && isOf(key.port());
    }
}
