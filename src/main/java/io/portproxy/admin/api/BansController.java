package io.portproxy.admin.api;

import io.portproxy.admin.problem.BadParameterException;
import io.portproxy.net.NumericAddress;
import java.util.List;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Banned addresses: too many users or remotes from there were refused or failed to log in. Only a proxy server has any. */
@RestController
@RequestMapping(path = "/api/v1/bans", produces = "application/json")
class BansController {
    private final Operations operations;

    BansController(Operations operations) {
        this.operations = operations;
    }

    /** Lists all banned addresses. The oldest ban is first. */
    @GetMapping
    List<BanJson> listBans() {
        return operations.bans();
    }

    /**
     * Lifts a ban. The server also forgets earlier failures of the address. If there is nothing to lift, {@code lifted}
     * is 0.
     *
     * @param address the address; for IPv6, any address of the banned network
     */
    @DeleteMapping("{address}")
    ActionResult.Lifted liftBan(@PathVariable String address) {
        return new ActionResult.Lifted(
                NumericAddress.parse(address)
                                .map(operations::liftBan)
                                .orElseThrow(() ->
                                        new BadParameterException("address", "write an IP address, such as 192.0.2.1"))
                        ? 1
                        : 0);
    }
}
