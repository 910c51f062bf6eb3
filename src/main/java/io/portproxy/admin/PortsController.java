package io.portproxy.admin;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The exposed ports; none without the role of a proxy server. */
@RestController
@RequestMapping(path = "/api/v1/ports", produces = "application/json")
class PortsController {
    private final Operations operations;

    PortsController(Operations operations) {
        this.operations = operations;
    }

    /** All of them. */
    @GetMapping
    List<PortJson> ports() {
        return operations.ports();
    }

    /**
     * One of them.
     *
     * @param bind its address, as in {@code 127.0.0.1:6688}, or its port number
     */
    @GetMapping("{bind}")
    PortJson port(@PathVariable String bind) {
        return operations.port(bind).orElseThrow(() -> new NotFoundException("no exposed port is " + bind));
    }
}
