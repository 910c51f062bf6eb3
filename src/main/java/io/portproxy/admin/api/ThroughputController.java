package io.portproxy.admin.api;

import java.time.Instant;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The throughput of the last minutes. */
@RestController
@ConditionalOnWebApplication
@RequestMapping(path = "/api/v1/throughput", produces = "application/json")
class ThroughputController {
    private final Throughput throughput;

    ThroughputController(Throughput throughput) {
        this.throughput = throughput;
    }

    /**
     * Shows the throughput of the last minutes. There is a sample for every two seconds, for at most five minutes.
     *
     * @param after only samples taken later than this moment, such as {@code 2026-01-31T12:00:00Z}
     */
    @GetMapping
    ThroughputJson getThroughput(@RequestParam Optional<Instant> after) {
        return throughput.after(after.orElse(Instant.MIN));
    }
}
