package io.portproxy.admin.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/**
 * The process that answers.
 *
 * @param host the name of the host that it runs on, from the operating system; empty if unknown
 * @param version PortProxy's version
 * @param started when it started
 * @param uptimeMillis how long it has been running, in milliseconds
 * @param tunnels where tunnels connect, for each role of the process
 * @param warnings what needs attention; empty if nothing does
 */
@Schema(name = "Process")
record ProcessJson(
        String host, String version, Instant started, long uptimeMillis, List<End> tunnels, List<Warning> warnings) {

    /**
     * Where the tunnels of one role connect.
     *
     * @param role {@code server}: remotes connect to the address; {@code client}: this process connects to it
     * @param address the address, such as {@code 0.0.0.0:9015}
     * @param security {@code plain}, {@code TLS} or {@code TLS with client certificates}
     */
    @Schema(name = "TunnelAddress")
    record End(String role, String address, String security) {}

    /**
     * Something that needs an operator's attention.
     *
     * @param kind {@code configuration}, {@code certificate}, {@code descriptors}, {@code memory} or {@code files}
     * @param message what it is and what to do, for people
     */
    @Schema(name = "Warning")
    record Warning(String kind, String message) {}
}
