package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.PortDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * An exposed port of a remote, as it is configured.
 *
 * @param name what the port is called, once in its remote; when it is added without one, what {@code bind} says
 * @param enabled whether users are carried; a port that is disabled stays bound and resets them. Default: true
 * @param type {@code tcp} or {@code http}. Default: tcp
 * @param bind where users connect: host:port, [v6]:port, or a bare port for 127.0.0.1; port 0 takes any free port
 * @param remote the target: its port at 127.0.0.1 of the remote, or its host:port as the remote sees it
 * @param hostHeader what becomes of Host in requests, for type http alone: {@code preserve}, {@code rewrite}, or a literal value
 * @param forwardedHeaders whether requests tell the target where they came from, for type http alone: {@code add} or {@code none}
 * @param trustedProxies addresses and ranges whose Forwarded headers are kept, for type http alone
 * @param maxRequestHead the longest request head, for type http alone, as in {@code 32KB}
 */
@Schema(name = "RemotePort")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record PortBody(
        String name,
        boolean enabled,
        String type,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String bind,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String remote,
        Optional<String> hostHeader,
        Optional<String> forwardedHeaders,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> trustedProxies,
        Optional<String> maxRequestHead) {

    /** What a definition says. */
    public static PortBody of(PortDefinition port) {
        return new PortBody(
                port.name(),
                port.enabled(),
                port.type(),
                port.bind(),
                port.remote(),
                port.hostHeader(),
                port.forwardedHeaders(),
                port.trustedProxies(),
                port.maxRequestHead());
    }
}
