package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.AccessProperties;
import io.portproxy.net.AddressRange;
import io.portproxy.net.AddressSet;
import io.portproxy.server.exposed.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks lists of addresses and turns them into sets. */
final class AccessCheck {
    private static final int MOST = 100_000;

    private final Problems problems;

    AccessCheck(Problems problems) {
        this.problems = problems;
    }

    /**
     * Returns who may connect; empty if the properties do not restrict that. Leaves out the entries that are wrong.
     *
     * @param place the place of the lists in the configuration
     */
    Optional<Access> run(Place place, @Nullable AccessProperties access) {
        if (access == null
                || (access.allow() == null
                        && (access.deny() == null || access.deny().isEmpty()))) {
            return Optional.empty(); // the same as without the property
        }
        if (access.allow() != null && access.allow().isEmpty()) {
            // This can be what remains of a variable that is not set. Nobody writes it to refuse everybody.
            problems.add(
                    place.key("allow"),
                    null,
                    "is empty: nobody could connect",
                    "write addresses and ranges, such as 192.0.2.0/24, or remove it to let all in that are not denied");
        }
        return Optional.of(new Access(
                Optional.ofNullable(access.allow()).map(list -> addresses(place.key("allow"), list)),
                addresses(place.key("deny"), access.deny())));
    }

    /** Returns the set of the addresses and ranges in a list, without the entries that are wrong. */
    AddressSet addresses(Place place, @Nullable List<String> written) {
        if (written == null) {
            return AddressSet.NONE;
        }
        if (written.size() > MOST) {
            problems.add(place, written.size() + " entries", "is too long", "write up to " + MOST + " entries");
            return AddressSet.NONE;
        }
        List<AddressRange> ranges = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            range(place.entry(i), written.get(i)).ifPresent(ranges::add);
        }
        return AddressSet.of(ranges);
    }

    /** Reads an address or a range; empty if the text is neither. */
    Optional<AddressRange> range(Place place, String text) {
        try {
            return Optional.of(AddressRange.parse(text.strip()));
        } catch (IllegalArgumentException e) {
            problems.add(
                    place,
                    text,
                    "is no range of addresses: " + e.getMessage(),
                    "write an address, such as 127.0.0.1, or a range, such as 10.0.0.0/8 or fd00::/8");
            return Optional.empty();
        }
    }
}
