package io.portproxy.admin;

import java.time.Instant;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The last minutes. */
@RestController
@ConditionalOnWebApplication
@RequestMapping(path = "/api/v1/throughput", produces = "application/json")
class ThroughputController {
    private final Throughput throughput;

    ThroughputController(Throughput throughput) {
        this.throughput = throughput;
    }

    /**
     * What was measured in the last five minutes, each two seconds.
     *
     * @param after leaves out what was measured until then, as in {@code 2026-01-31T12:00:00Z}
     */
    @GetMapping
    ThroughputJson throughput(@RequestParam Optional<Instant> after) {
        return throughput.after(after.orElse(Instant.MIN));
    }
}
