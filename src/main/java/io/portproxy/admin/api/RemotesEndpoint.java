package io.portproxy.admin.api;

import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/** {@code /actuator/remotes}. */
@Component
@Endpoint(id = "remotes")
class RemotesEndpoint {
    private final Operations operations;

    RemotesEndpoint(Operations operations) {
        this.operations = operations;
    }

    /** Returns the same remotes as {@code GET /api/v1/remotes}. */
    @ReadOperation
    Remotes remotes() {
        return new Remotes(operations.remotes());
    }

    /** @param remotes all remotes */
    record Remotes(List<RemoteJson> remotes) {}
}
