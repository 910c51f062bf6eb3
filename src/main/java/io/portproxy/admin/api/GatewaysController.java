package io.portproxy.admin.api;

import io.portproxy.admin.problem.NotFoundException;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The gateways. Only a proxy server has any. */
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

    /**
     * Shows one gateway. Its {@code ETag} changes only with its configuration.
     *
     * @param name the gateway's name
     */
    @GetMapping("{name}")
    ResponseEntity<GatewayJson> getGateway(@PathVariable String name) {
        GatewayJson gateway =
                operations.gateway(name).orElseThrow(() -> new NotFoundException("no gateway has the name " + name));
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        operations.gatewayTag(name).ifPresent(tag -> answer.eTag('"' + tag + '"'));
        return answer.body(gateway);
    }
}
