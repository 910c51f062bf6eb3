package io.portproxy.admin.api;

import io.portproxy.client.AllowedTarget;
import io.portproxy.client.AskedTarget;
import io.portproxy.client.ClientView;
import io.portproxy.client.ExposureView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The part of a remote's JSON that only the remote itself has: its targets and its attempts to connect. Its fields are
 * those of {@link RemoteJson}.
 *
 * @param allow the targets that it allows, as {@code host:port} or {@code host:*}; empty at the server
 * @param asked the targets that the server has asked for since the start, the latest first; empty at the server
 * @param askedForgotten how many of these were forgotten (portproxy.client.asked-targets); null at the server
 * @param connects how often a tunnel came up; null at the server
 * @param failures how often a tunnel was lost or did not come up; null at the server
 * @param lastFailure why a tunnel was lost or did not come up the last time; null at the server, and before the first
 * @param exposed the ports that it asks the server for; empty at the server
 */
record RemoteAtClient(
        List<String> allow,
        List<Asked> asked,
        Optional<Long> askedForgotten,
        Optional<Long> connects,
        Optional<Long> failures,
        Optional<String> lastFailure,
        List<Wish> exposed) {

    /** @param client empty for a remote as the server sees it */
    static RemoteAtClient of(Optional<ClientView> client) {
        return new RemoteAtClient(
                client.map(ClientView::allow).orElse(List.of()).stream()
                        .map(AllowedTarget::text)
                        .toList(),
                client.map(ClientView::asked).orElse(List.of()).stream()
                        .map(Asked::of)
                        .toList(),
                client.map(ClientView::forgotten),
                client.map(ClientView::connects),
                client.map(ClientView::failures),
                client.flatMap(ClientView::lastFailure),
                client.map(ClientView::exposed).orElse(List.of()).stream()
                        .map(Wish::of)
                        .toList());
    }

    /**
     * Where the remote connects to.
     *
     * @param server the proxy server that it connects to, as configured; null at the server
     * @param servers the addresses of the proxy server that it connects to: one, or all of them with
     *     {@code connect-to: all}; empty at the server
     */
    record ConnectsTo(Optional<String> server, List<ClientView.Server> servers) {
        /** @param client empty for a remote as the server sees it */
        static ConnectsTo of(Optional<ClientView> client) {
            return new ConnectsTo(
                    client.map(ClientView::server),
                    client.map(ClientView::servers).orElse(List.of()));
        }
    }

    /**
     * A target that the server has asked for.
     *
     * @param target the target, as {@code host:port}
     * @param asked how often the server asked for it
     * @param denied how often the remote denied it, because it is not allowed
     * @param lastAsked when the server last asked for it
     * @param lastDenied when the remote last denied it; null if it never did
     */
    @Schema(name = "AskedTarget")
    record Asked(String target, long asked, long denied, Instant lastAsked, Optional<Instant> lastDenied) {
        static Asked of(AskedTarget target) {
            return new Asked(target.target(), target.asked(), target.denied(), target.lastAsked(), target.lastDenied());
        }
    }

    /**
     * A port that this remote asks the server for.
     *
     * @param target the target, as {@code host:port}
     * @param server the server that was asked, as {@code host:port}
     * @param state {@code exposed}; {@code refused}; or {@code asked}, while there is no answer
     * @param address the address that users connect to; null if the server gives none
     * @param message why the server refuses it, for people; null if it does not
     */
    @Schema(name = "ExposedTarget")
    record Wish(String target, String server, String state, Optional<String> address, Optional<String> message) {
        static Wish of(ExposureView view) {
            return new Wish(view.target(), view.server(), view.state(), view.address(), view.refusal());
        }
    }
}
