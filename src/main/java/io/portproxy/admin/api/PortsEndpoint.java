package io.portproxy.admin.api;

import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/** {@code /actuator/ports}. */
@Component
@Endpoint(id = "ports")
class PortsEndpoint {
    private final Operations operations;

    PortsEndpoint(Operations operations) {
        this.operations = operations;
    }

    /** Returns the same ports as {@code GET /api/v1/ports}. */
    @ReadOperation
    Ports ports() {
        return new Ports(operations.ports());
    }

    /** @param ports all exposed ports */
    record Ports(List<PortJson> ports) {}
}
