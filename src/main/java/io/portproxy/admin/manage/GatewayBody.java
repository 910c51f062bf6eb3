package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.GatewayDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * A gateway as it is configured: an address at which users reach many hosts.
 *
 * @param name the name by which hosts refer to it, 1 to 50 letters, digits and hyphens; it cannot be changed
 * @param bind where users connect: host:port, [v6]:port, or a bare port for all addresses; port 0 takes any free port
 * @param publicPort the port that users see, if another one leads to {@code bind}. Default: that of bind
 * @param ssl how users' connections are encrypted; without it they speak plain HTTP
 * @param redirectToHttps whether requests are redirected to the first gateway that speaks https. Default: false
 * @param requestTimeout how long a user may take for the head of the first request. Default: 10s
 * @param maxPending how many users may be connected without a complete request head. Default: 10000
 * @param maxRequestHead the longest head of a connection's first request. Default: 32KB
 * @param tunnel the name at which remotes can connect through this gateway; without it they cannot
 * @param acceptProxyProtocol addresses and ranges from which connections must begin with a header of the PROXY
 *     protocol; from others such a header is refused. Default: none
 */
@Schema(name = "GatewayDefinition")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record GatewayBody(
        String name,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String bind,
        Optional<Integer> publicPort,
        Optional<Ssl> ssl,
        boolean redirectToHttps,
        String requestTimeout,
        int maxPending,
        String maxRequestHead,
        Optional<String> tunnel,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> acceptProxyProtocol) {

    /**
     * TLS for users, which ends at the gateway. Certificates and keys are in SSL bundles of the server
     * (spring.ssl.bundle), which are named here.
     *
     * @param bundle the SSL bundle; without it, {@code bundles} or {@code acme} says which certificates are used
     * @param bundles several SSL bundles, chosen by the requested name; users who ask for none get the first
     * @param acme whether to use certificates by ACME instead, one for each host. Default: false
     */
    @Schema(name = "GatewaySsl")
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Ssl(
            Optional<String> bundle,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> bundles,
            boolean acme) {

        /** Returns the settings of a definition; empty for plain HTTP. */
        public static Optional<Ssl> of(GatewayDefinition.Ssl ssl) {
            return Optional.of(ssl)
                    .filter(written -> !written.equals(GatewayDefinition.Ssl.NONE))
                    .map(written -> new Ssl(written.bundle(), written.bundles(), written.acme()));
        }
    }

    /** Returns the body for a definition. */
    static GatewayBody of(GatewayDefinition gateway) {
        return new GatewayBody(
                gateway.name(),
                gateway.bind(),
                gateway.publicPort(),
                Ssl.of(gateway.ssl()),
                gateway.redirectToHttps(),
                gateway.requestTimeout(),
                gateway.maxPending(),
                gateway.maxRequestHead(),
                gateway.tunnel(),
                gateway.acceptProxyProtocol());
    }
}
