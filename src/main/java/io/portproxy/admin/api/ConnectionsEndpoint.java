package io.portproxy.admin.api;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/** {@code /actuator/connections}. */
@Component
@Endpoint(id = "connections")
class ConnectionsEndpoint {
    private static final int MOST = 1000;

    private final Operations operations;

    ConnectionsEndpoint(Operations operations) {
        this.operations = operations;
    }

    /** Returns the newest connections and their number. {@code GET /api/v1/connections} returns all, in pages. */
    @ReadOperation
    Page<Connection.Json> connections() {
        return ConnectionQuery.page(operations.connections(), ConnectionQuery.Filter.ANY, "since,desc", 0, MOST);
    }
}
