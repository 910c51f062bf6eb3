package io.portproxy.admin.api;

import io.portproxy.admin.manage.GatewayBody;
import io.portproxy.manage.ChangeProblem;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.PlannedGateway;
import io.portproxy.server.exposed.gateway.GatewayView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway: an address at which users reach many hosts.
 *
 * @param name the name by which hosts refer to it
 * @param origin who declares it: {@code file} (change it there) or {@code store} (change it by this API)
 * @param file the file that declares it, with line and column; null if no file does
 * @param address the address that users connect to; null if it is not open
 * @param bind where users connect, as it was written
 * @param publicPort the port that users see; null if it is that of bind
 * @param tls whether users speak https
 * @param ssl the certificates; null for plain HTTP
 * @param redirectToHttps whether requests are redirected to https
 * @param requestTimeout how long a user may take for the head of the first request
 * @param maxPending how many users may be connected without a complete request head
 * @param maxRequestHead the longest head of a connection's first request
 * @param tunnel the name at which remotes can connect here; null if they cannot
 * @param acceptProxyProtocol addresses and ranges from which connections must begin with a header of the PROXY protocol
 * @param problems why it is not open: how it conflicts with what files declare; empty if there is no conflict
 * @param trouble why it is not open: {@code closed}, because the process stops, or the error of the operating system;
 *     null if it is open
 * @param pending users whose first request is not complete
 * @param unknown requests for an unknown host or path, since the start
 * @param crowdedOut users whose connections were closed before their first request was complete, to make room for new
 *     ones, since the start
 * @param refused users who were refused before they had named a host, by reason: {@code access}, by an access list;
 *     {@code banned}, see bans; {@code proxy_header}, a header of the PROXY protocol was missing, wrong or not allowed;
 *     {@code late}, the TLS handshake or the first request was not complete within {@code requestTimeout}
 */
@Schema(name = "Gateway")
record GatewayJson(
        String name,
        String origin,
        Optional<String> file,
        Optional<String> address,
        String bind,
        Optional<Integer> publicPort,
        boolean tls,
        Optional<GatewayBody.Ssl> ssl,
        boolean redirectToHttps,
        String requestTimeout,
        int maxPending,
        String maxRequestHead,
        Optional<String> tunnel,
        List<String> acceptProxyProtocol,
        List<String> problems,
        Optional<String> trouble,
        int pending,
        long unknown,
        long crowdedOut,
        Map<String, Long> refused) {
    static final List<String> ORIGINS = Origin.keys(Origin.FILE, Origin.STORE);

    /** @param view empty if it is not open */
    static GatewayJson of(PlannedGateway planned, Optional<GatewayView> view) {
        GatewayDefinition gateway = planned.definition();
        return new GatewayJson(
                gateway.name(),
                (planned.file().isPresent() ? Origin.FILE : Origin.STORE).key(),
                planned.file(),
                view.map(GatewayView::bind),
                gateway.bind(),
                gateway.publicPort(),
                !gateway.ssl().equals(GatewayDefinition.Ssl.NONE),
                GatewayBody.Ssl.of(gateway.ssl()),
                gateway.redirectToHttps(),
                gateway.requestTimeout(),
                gateway.maxPending(),
                gateway.maxRequestHead(),
                gateway.tunnel(),
                gateway.acceptProxyProtocol(),
                planned.problems().stream().map(GatewayJson::text).toList(),
                view.isEmpty() ? Optional.of("it is not open") : view.flatMap(GatewayView::trouble),
                view.map(GatewayView::pending).orElse(0),
                view.map(GatewayView::unknown).orElse(0L),
                view.map(GatewayView::crowdedOut).orElse(0L),
                view.map(GatewayView::refused).orElse(Map.of()));
    }

    private static String text(ChangeProblem problem) {
        return problem.pointer() + " " + problem.reason();
    }
}
