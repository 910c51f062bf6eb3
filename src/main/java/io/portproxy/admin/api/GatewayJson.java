package io.portproxy.admin.api;

import io.portproxy.admin.manage.GatewayBody;
import io.portproxy.manage.ChangeProblem;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.PlannedGateway;
import io.portproxy.server.exposed.GatewayView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An address at which many hosts are reached.
 *
 * @param name what hosts call it
 * @param origin who declares it: {@code file}, it is changed there; {@code store}, it is changed by this API
 * @param file the file that declares it, with line and column; null if none does
 * @param address the address that users connect to; null if it is not open
 * @param bind where users connect, as it was written
 * @param publicPort the port that users see in the address; null for that of bind
 * @param tls whether users speak https
 * @param ssl the certificates; null for plain HTTP
 * @param redirectToHttps whether requests are redirected to https
 * @param requestTimeout how long a user may take until its first request's head is complete
 * @param maxPending users that may be without a complete head at a time
 * @param maxRequestHead the longest head of a connection's first request
 * @param tunnel the name by which remotes reach the tunnel port here; null if they do not
 * @param acceptProxyProtocol from where connections begin with a header of the PROXY protocol
 * @param problems why it is not open: what is wrong with it beside what files declare; empty if nothing is
 * @param trouble why it is not open: {@code closed}, as the process stops, or what the operating system answered; null if it is
 * @param pending users who have not said yet what they want
 * @param unknown requests for a host or path that is not there, since the start
 * @param crowdedOut users who were ended for newcomers before they had said what they want, since the start
 * @param refused users who were refused before it was known for which host they came, by reason: {@code access}, an access list does not
 *     have them; {@code banned}, see bans; {@code proxy_header}, what the connection began with was not as the PROXY protocol has it, or not allowed
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
    static final List<String> ORIGINS = List.of("file", "store");

    /** @param view empty if it is not open */
    static GatewayJson of(PlannedGateway planned, Optional<GatewayView> view) {
        GatewayDefinition gateway = planned.definition();
        return new GatewayJson(
                gateway.name(),
                ORIGINS.get(planned.file().isPresent() ? 0 : 1),
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
