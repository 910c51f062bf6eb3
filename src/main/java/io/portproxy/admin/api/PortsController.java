package io.portproxy.admin.api;

import io.portproxy.admin.problem.NotFoundException;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The exposed ports. Only a proxy server has any. */
@RestController
@RequestMapping(path = "/api/v1/ports", produces = "application/json")
class PortsController {
    private final Operations operations;

    PortsController(Operations operations) {
        this.operations = operations;
    }

    /** Lists all exposed ports. They are in the order of the configuration; a client has none. */
    @GetMapping
    List<PortJson> listPorts() {
        return operations.ports();
    }

    /**
     * Shows one exposed port. A port number without an address means the first port with that number, or with a range
     * that contains it.
     *
     * @param bind the port's address, percent-encoded, such as {@code 127.0.0.1:6688}, or its port number; for a unix
     *     socket its path with - for each slash and without the first slash, such as {@code run-app.sock}
     */
    @GetMapping("{bind}")
    PortJson getPort(@PathVariable String bind) {
        return operations.port(bind).orElseThrow(() -> new NotFoundException("no exposed port is " + bind));
    }
}
