package io.portproxy.admin.api;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The gateways; none without the role of a proxy server. */
@RestController
@RequestMapping(path = "/api/v1/gateways", produces = "application/json")
class GatewaysController {
    private final Operations operations;

    GatewaysController(Operations operations) {
        this.operations = operations;
    }

    /** Lists all gateways. They are in the order of the configuration; a client has none. */
    @GetMapping
    List<GatewayJson> listGateways() {
        return operations.gateways();
    }
}
