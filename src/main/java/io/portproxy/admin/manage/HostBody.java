package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.HostDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * A host name at gateways, or some of its paths, that leads to a remote, as it is configured.
 *
 * @param host the name: one, as in {@code app.example.com}, all below one, as in {@code *.example.com}, or {@code *} for every other name
 * @param path the beginning of the paths that are meant: {@code /api} means {@code /api} and what is below it. Default: /
 * @param gateways the names of the gateways that have it; without it all
 * @param enabled whether users are carried; otherwise they are told that it is switched off. Default: true
 * @param tls where TLS ends: {@code terminate}, at the gateway, or {@code passthrough}, at the target. Default: terminate
 * @param remote the target: its port at 127.0.0.1 of the remote, or its host:port as the remote sees it
 * @param hostHeader what becomes of Host in requests: {@code preserve}, {@code rewrite}, or a literal value
 * @param forwardedHeaders whether requests tell the target where they came from: {@code add} or {@code none}
 * @param trustedProxies addresses and ranges whose Forwarded headers are kept
 * @param maxRequestHead the longest request head, as in {@code 32KB}
 */
@Schema(name = "RemoteHost")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record HostBody(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String host,
        String path,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> gateways,
        boolean enabled,
        String tls,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String remote,
        Optional<String> hostHeader,
        Optional<String> forwardedHeaders,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> trustedProxies,
        Optional<String> maxRequestHead) {

    /** What a definition says. */
    public static HostBody of(HostDefinition host) {
        return new HostBody(
                host.host(),
                host.path(),
                host.gateways(),
                host.enabled(),
                host.tls(),
                host.remote(),
                host.hostHeader(),
                host.forwardedHeaders(),
                host.trustedProxies(),
                host.maxRequestHead());
    }
}
