package io.portproxy.admin.api;

import io.portproxy.admin.events.Role;
import io.portproxy.admin.problem.BadParameterException;
import io.portproxy.tunnel.telemetry.StreamView;
import io.portproxy.tunnel.telemetry.StreamView.State;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Selects connections, sorts them and splits them into pages. */
final class ConnectionQuery {
    static final int MAX_SIZE = 1000;
    private static final long MAX_IDENTITY_DIGITS = 12;

    private static final Map<String, Comparator<Connection>> ORDERS = new TreeMap<>(Map.of(
            "since", Comparator.comparing(connection -> connection.stream().since()),
            "idle", Comparator.comparingLong(connection -> connection.stream().idleNanos()),
            "bytesIn",
                    Comparator.comparingLong(
                            connection -> connection.stream().flow().bytesIn()),
            "bytesOut",
                    Comparator.comparingLong(
                            connection -> connection.stream().flow().bytesOut()),
            "queued",
                    Comparator.comparingLong(
                            connection -> connection.stream().flow().queued()),
            "remote", Comparator.comparing(Connection::remote),
            "user",
                    Comparator.comparing(
                            connection -> connection.stream().ends().user().orElse("")),
            "target",
                    Comparator.comparing(
                            connection -> connection.stream().ends().target()),
            "state", Comparator.comparing(connection -> connection.stream().state()),
            "port",
                    Comparator.comparing(
                            connection -> connection.stream().ends().port().orElse(""))));

    /** The values of {@code sort}, as a regular expression. */
    static final String SORT_PATTERN = "^(" + String.join("|", ORDERS.keySet()) + ")(,(asc|desc))?$";

    /** Makes every order total, so that pages do not overlap as long as nothing changes. */
    private static final Comparator<Connection> TIES = Comparator.comparingLong(
                    (Connection connection) -> connection.stream().identity())
            .thenComparing(Connection::role);

    private ConnectionQuery() {}

    /**
     * Which connections to select. An empty field selects all.
     *
     * @param remote the remote's name
     * @param port the exposed address, or its port number
     * @param user the user's {@code host:port}, or its host
     * @param state the connection's state
     * @param role the end at which the connection is seen
     * @param search text in the identity, the remote's name or an address, in any case
     */
    record Filter(
            Optional<String> remote,
            Optional<String> port,
            Optional<String> user,
            Optional<State> state,
            Optional<Role> role,
            Optional<String> search) {
        static final Filter ANY = new Filter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        /**
         * Reads the parameters.
         *
         * @throws BadParameterException if one of them is invalid
         */
        static Filter of(
                Optional<String> remote,
                Optional<String> port,
                Optional<String> user,
                Optional<String> state,
                Optional<String> role,
                Optional<String> search) {
            if (search.filter(String::isBlank).isPresent()) {
                throw new BadParameterException("search", "write what to look for");
            }
            return new Filter(
                    remote,
                    port,
                    user,
                    state.map(text -> constant("state", State.values(), text)),
                    role.map(text -> constant("role", Role.values(), text)),
                    search.map(text -> text.strip().toLowerCase(Locale.ROOT)));
        }

        boolean isForAny() {
            return equals(ANY);
        }

        boolean matches(Connection connection) {
            return isOrAny(remote, connection.remote()::equals)
                    && isOrAny(
                            port,
                            written -> connection.stream()
                                    .ends()
                                    .port()
                                    .filter(bind -> Operations.isBind(bind, written))
                                    .isPresent())
                    && isOrAny(
                            user,
                            written -> connection.stream()
                                    .ends()
                                    .user()
                                    .filter(address -> isUser(address, written))
                                    .isPresent())
                    && isOrAny(state, connection.stream().state()::equals)
                    && isOrAny(role, connection.role()::equals)
                    && isOrAny(search, text -> contains(connection, text));
        }

        private static boolean contains(Connection connection, String text) {
            StreamView stream = connection.stream();
            return Stream.of(
                            stream.name(),
                            connection.remote(),
                            stream.ends().target(),
                            stream.ends().port().orElse(""),
                            stream.ends().user().orElse(""))
                    .anyMatch(part -> part.toLowerCase(Locale.ROOT).contains(text));
        }

        private static <T> boolean isOrAny(Optional<T> wanted, Predicate<T> test) {
            return wanted.isEmpty() || test.test(wanted.get());
        }

        private static boolean isUser(String address, String written) {
            String host =
                    address.substring(0, Math.max(0, address.lastIndexOf(':'))); // a user of a unix socket has no host
            return address.equals(written) || host.equals(written) || host.equals("[" + written + "]");
        }
    }

    /**
     * Returns one page of the selected connections.
     *
     * @throws BadParameterException if there is no such order or page
     */
    static Page<Connection.Json> page(List<Connection> all, Filter filter, String sort, int page, int size) {
        if (page < 0) {
            throw new BadParameterException("page", "page is " + page + "; write 0 or more");
        } else if (size < 1 || size > MAX_SIZE) {
            throw new BadParameterException("size", "size is " + size + "; write 1 to " + MAX_SIZE);
        }
        Comparator<Connection> order = order(sort);
        List<Connection> meant =
                all.stream().filter(filter::matches).sorted(order).toList();
        List<Connection.Json> items = meant.stream()
                .skip((long) page * size)
                .limit(size)
                .map(Connection::json)
                .toList();
        return new Page<>(items, page, size, meant.size());
    }

    /** Reads an order, such as {@code bytesIn,desc}. */
    private static Comparator<Connection> order(String sort) {
        String[] parts = sort.split(",", -1);
        Comparator<Connection> order = ORDERS.get(parts[0]);
        boolean descending = parts.length == 2 && parts[1].equals("desc");
        if (order == null || parts.length > 2 || (parts.length == 2 && !descending && !parts[1].equals("asc"))) {
            throw new BadParameterException(
                    "sort", "write one of " + String.join(", ", ORDERS.keySet()) + ", with ,asc or ,desc behind it");
        }
        return (descending ? order.reversed() : order).thenComparing(TIES);
    }

    /**
     * Reads an identity.
     *
     * @throws BadParameterException if the text is not an identity
     */
    static long identity(String text) {
        if (!text.matches("[0-9a-fA-F]{1," + MAX_IDENTITY_DIGITS + "}")) {
            throw new BadParameterException("identity", "an identity has up to 12 hexadecimal digits");
        }
        return Long.parseLong(text, 16);
    }

    /**
     * Reads a constant.
     *
     * @throws BadParameterException if there is no such constant
     */
    static <E extends Enum<E>> E constant(String parameter, E[] constants, String text) {
        return Arrays.stream(constants)
                .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new BadParameterException(
                        parameter,
                        "write one of "
                                + Arrays.stream(constants)
                                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))));
    }
}
