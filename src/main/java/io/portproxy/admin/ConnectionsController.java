package io.portproxy.admin;

import io.portproxy.tunnel.Event;
import java.util.Optional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Users' connections. A process that is both server and remote has each of them twice, once for each end. */
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
     * A page of those that are meant.
     *
     * @param remote the remote's name
     * @param port the exposed address, or its port number
     * @param user the user's host and port, or its host
     * @param state how far it has come: {@code connecting}, {@code open}, {@code user_ended}, {@code target_ended} or
     *     {@code finishing}
     * @param role at which end: {@code server} or {@code client}
     * @param search what the identity, the remote's name or an address contains, whatever its case
     * @param sort the order, as in {@code bytesIn,desc}: {@code bytesIn}, {@code bytesOut}, {@code idle}, {@code port},
     *     {@code queued}, {@code remote}, {@code since}, {@code state}, {@code target} or {@code user}, and {@code asc} or
     *     {@code desc}; the identity decides where it does not
     * @param page which page, from 0
     * @param size how many a page has, 1 to 1000
     */
    @GetMapping
    Page<Connection.Json> connections(
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
     * One of them; at the server, where the process has both ends and {@code role} does not say which. One that has ended
     * is there, with why, as long as the event of its end is kept (portproxy.admin.events.kept).
     *
     * @param identity up to 12 hexadecimal digits
     * @param role {@code server} or {@code client}: at which end
     */
    @GetMapping("{identity}")
    Connection.Json connection(@PathVariable String identity, @RequestParam Optional<String> role) {
        long number = ConnectionQuery.identity(identity);
        Optional<Role> end = role.map(text -> ConnectionQuery.constant("role", Role.values(), text));
        return operations
                .connection(number, end)
                .map(Connection::json)
                .or(() -> ended(number, end).map(Connection.Json::ended))
                .orElseThrow(() -> new NotFoundException("there is no connection " + identity));
    }

    /**
     * Resets it at both ends. Nothing is to be closed the second time.
     *
     * @param identity up to 12 hexadecimal digits
     */
    @DeleteMapping("{identity}")
    Outcome.Closed close(@PathVariable String identity) {
        return new Outcome.Closed(operations.close(ConnectionQuery.identity(identity)) ? 1 : 0);
    }

    /**
     * Resets all that are meant, at both ends. What is meant must be said.
     *
     * @param remote the remote's name
     * @param port the exposed address, or its port number
     * @param user the user's host and port, or its host
     * @param state how far it has come: {@code connecting}, {@code open}, {@code user_ended}, {@code target_ended} or
     *     {@code finishing}
     * @param role at which end: {@code server} or {@code client}
     * @param search what the identity, the remote's name or an address contains, whatever its case
     */
    @DeleteMapping
    Outcome.Closed closeAll(
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
        return new Outcome.Closed(operations.close(
                operations.connections().stream().filter(filter::matches).toList()));
    }

    private Optional<Event> ended(long identity, Optional<Role> end) {
        return events.newest(event -> event.identity() == identity
                && (event.type() == Event.Type.STREAM_CLOSED || event.type() == Event.Type.STREAM_REFUSED)
                && (end.isEmpty() || event.server() == (end.get() == Role.SERVER)));
    }
}
