package io.portproxy.admin.api;

import io.portproxy.admin.events.EventRing;
import io.portproxy.admin.events.Role;
import io.portproxy.admin.problem.BadParameterException;
import io.portproxy.admin.problem.NotFoundException;
import io.portproxy.tunnel.telemetry.Event;
import java.util.Optional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The connections of users. A process that is both server and remote lists each connection twice, once for each end. */
@RestController
@RequestMapping(path = "/api/v1/connections", produces = "application/json")
class ConnectionsController {
    private final Operations operations;
    private final EventRing events;

    ConnectionsController(Operations operations, EventRing events) {
        this.operations = operations;
        this.events = events;
    }

    /**
     * Lists connections, one page at a time. Each of them matches all parameters.
     *
     * @param remote only those of the remote with this name
     * @param port only those to this exposed address or port number, also a number within a range
     * @param user only those of this user: host and port, or only the host
     * @param state only those in this state: {@code connecting}, {@code open}, {@code user_ended}, {@code target_ended}
     *     or {@code finishing}
     * @param role only as seen at this end: {@code server} or {@code client}
     * @param search only those whose identity, remote name or address contains this text; upper and lower case do not
     *     matter
     * @param sort the order, as in {@code bytesIn,desc}: {@code bytesIn}, {@code bytesOut}, {@code idle}, {@code port},
     *     {@code queued}, {@code remote}, {@code since}, {@code state}, {@code target} or {@code user}, and {@code asc}
     *     or {@code desc}; connections with equal values are in the order of their identities
     * @param page which page to return, from 0
     * @param size how many connections a page has, 1 to 1000
     */
    @GetMapping
    Page<Connection.Json> listConnections(
            @RequestParam Optional<String> remote,
            @RequestParam Optional<String> port,
            @RequestParam Optional<String> user,
            @RequestParam Optional<String> state,
            @RequestParam Optional<String> role,
            @RequestParam Optional<String> search,
            @RequestParam(defaultValue = "since") String sort,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "100") int size) {
        ConnectionQuery.Filter filter = ConnectionQuery.Filter.of(remote, port, user, state, role, search);
        return ConnectionQuery.page(operations.connections(), filter, sort, page, size);
    }

    /**
     * Shows one connection. A connection that has ended is shown with the reason, as long as the event of its end is kept
     * ({@code portproxy.admin.events.kept}). If the process has both ends and {@code role} is missing, the server's end
     * is shown.
     *
     * @param identity the connection's identity, up to 12 hexadecimal digits
     * @param role which end of the connection: {@code server} or {@code client}
     */
    @GetMapping("{identity}")
    Connection.Json getConnection(@PathVariable String identity, @RequestParam Optional<String> role) {
        long number = ConnectionQuery.identity(identity);
        Optional<Role> end = role.map(text -> ConnectionQuery.constant("role", Role.values(), text));
        return operations
                .connection(number, end)
                .map(Connection::json)
                .or(() -> ended(number, end).map(Connection.Json::ended))
                .orElseThrow(() -> new NotFoundException("there is no connection " + identity));
    }

    /**
     * Closes one connection. It is reset at both ends. If there is nothing to close, {@code closed} is 0.
     *
     * @param identity the connection's identity, up to 12 hexadecimal digits
     */
    @DeleteMapping("{identity}")
    ActionResult.Closed closeConnection(@PathVariable String identity) {
        return new ActionResult.Closed(operations.close(ConnectionQuery.identity(identity)) ? 1 : 0);
    }

    /**
     * Closes all connections that match all parameters. They are reset at both ends. At least one parameter is
     * required.
     *
     * @param remote only those of the remote with this name
     * @param port only those to this exposed address or port number, also a number within a range
     * @param user only those of this user: host and port, or only the host
     * @param state only those in this state: {@code connecting}, {@code open}, {@code user_ended}, {@code target_ended}
     *     or {@code finishing}
     * @param role only as seen at this end: {@code server} or {@code client}
     * @param search only those whose identity, remote name or address contains this text; upper and lower case do not
     *     matter
     */
    @DeleteMapping
    ActionResult.Closed closeConnections(
            @RequestParam Optional<String> remote,
            @RequestParam Optional<String> port,
            @RequestParam Optional<String> user,
            @RequestParam Optional<String> state,
            @RequestParam Optional<String> role,
            @RequestParam Optional<String> search) {
        ConnectionQuery.Filter filter = ConnectionQuery.Filter.of(remote, port, user, state, role, search);
        if (filter.isForAny()) {
            throw new BadParameterException(
                    "remote", "say which connections to close: by remote, port, user, state, role or search");
        }
        return new ActionResult.Closed(operations.close(
                operations.connections().stream().filter(filter::matches).toList()));
    }

    private Optional<Event> ended(long identity, Optional<Role> end) {
        return events.newest(event -> event.subject().identity() == identity
                && (event.type() == Event.Type.STREAM_CLOSED || event.type() == Event.Type.STREAM_REFUSED)
                && (end.isEmpty() || event.whose().server() == (end.get() == Role.SERVER)));
    }
}
