package io.portproxy.admin.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.portproxy.manage.FileReload;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The current warnings for operators. Any thread. */
@Component
final class ProcessWarnings {
    /** The share of a limit that causes a warning. At the limit, users are refused or wait. */
    private static final double MUCH = 0.8;

    private final StartFacts facts;
    private final Certificates certificates;
    private final MeterRegistry meters;
    private final FileReload files;

    ProcessWarnings(StartFacts facts, Certificates certificates, MeterRegistry meters, FileReload files) {
        this.files = files;
        this.facts = facts;
        this.certificates = certificates;
        this.meters = meters;
    }

    List<ProcessJson.Warning> now() {
        return Stream.of(
                        facts.warnings().stream().map(text -> new ProcessJson.Warning("configuration", text)),
                        certificates.warnings(Instant.now()),
                        files
                                .refusal()
                                .map(why -> new ProcessJson.Warning(
                                        "files",
                                        "the configuration's files were changed and have mistakes, so the configuration from before stays in effect: "
                                                + why))
                                .stream(),
                        full(
                                "descriptors",
                                "process.files.open",
                                "process.files.max",
                                "file descriptors are open:"
                                        + " at the limit, no user can connect; raise it (LimitNOFILE, ulimit -n)")
                                .stream(),
                        full(
                                "memory",
                                "portproxy.buffer.memory.used",
                                "portproxy.buffer.memory.max",
                                "bytes of buffer"
                                        + " memory are used: at the limit, tunnels are not read; raise"
                                        + " portproxy.buffer-memory")
                                .stream())
                .flatMap(each -> each)
                .toList();
    }

    private Optional<ProcessJson.Warning> full(String kind, String used, String most, String what) {
        double now = value(used);
        double limit = value(most);
        return limit > 0 && now >= MUCH * limit
                ? Optional.of(new ProcessJson.Warning(
                        kind, String.format(Locale.ROOT, "%,.0f of %,.0f %s", now, limit, what)))
                : Optional.empty();
    }

    private double value(String name) {
        Gauge gauge = meters.find(name).gauge();
        return gauge == null ? 0 : gauge.value();
    }
}
