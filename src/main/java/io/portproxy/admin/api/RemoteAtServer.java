package io.portproxy.admin.api;

import io.portproxy.admin.manage.AccessBody;
import io.portproxy.admin.manage.GrantBody;
import io.portproxy.admin.manage.LimitsBody;
import io.portproxy.admin.manage.QuotaBody;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.server.QuotaView;
import io.portproxy.server.RemoteView;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.gateway.HostView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The part of a remote's JSON that only a server has: what it exposes for the remote. Its fields are those of
 * {@link RemoteJson}.
 *
 * @param ports the ports exposed for it, last those that it has asked for; empty at the client
 * @param hosts the names at gateways that lead to it, last those that it has asked for; empty at the client
 * @param grants which ports it may ask for itself; null if none, and at the client
 * @param access which users may connect, unless a port or host has its own list; null if the server's list applies, and
 *     at the client
 * @param quota how many bytes may pass through all its ports and hosts together; null for no limit, and at the client
 * @param quotas the state of its quota, and of the quotas of its ports and hosts; empty at the client
 * @param limits the limits for the users of all its ports and hosts together; null for none, and at the client
 * @param holdWhileAway how long a user waits for the remote while it is away, unless a port or host has its own value;
 *     null if the server's value applies, and at the client
 */
record RemoteAtServer(
        List<PortOfRemote> ports,
        List<HostOfRemote> hosts,
        Optional<GrantBody> grants,
        Optional<AccessBody> access,
        Optional<QuotaBody> quota,
        List<QuotaState> quotas,
        Optional<LimitsBody> limits,
        Optional<String> holdWhileAway) {

    /** Returns the part of a remote that no server sees. */
    static RemoteAtServer none() {
        return of(new RemoteDefinition("", "", true, false, List.of()), Optional.empty());
    }

    /** @param remote its current state; empty while it is not exposed */
    static RemoteAtServer of(RemoteDefinition definition, Optional<RemoteView> remote) {
        return new RemoteAtServer(
                ports(definition, remote.map(RemoteView::ports).orElse(List.of())),
                hosts(definition, remote.map(RemoteView::hosts).orElse(List.of())),
                definition.grants().map(GrantBody::of),
                AccessBody.of(definition.access()),
                QuotaBody.of(definition.quota()),
                remote.map(RemoteView::quotas).orElse(List.of()).stream()
                        .map(QuotaState::of)
                        .toList(),
                LimitsBody.of(definition.limits()),
                definition.holdWhileAway());
    }

    /** Returns the configured ports in the order of the definition, then those that the remote has asked for. */
    private static List<PortOfRemote> ports(RemoteDefinition definition, List<PortView> all) {
        List<PortView> exposed = all.stream().filter(port -> !port.granted()).toList(); // hosts come after ports
        Stream<PortOfRemote> configured = IntStream.range(0, definition.ports().size())
                .mapToObj(i -> PortOfRemote.of(
                        definition.ports().get(i),
                        i < exposed.size() ? Optional.of(exposed.get(i).bind()) : Optional.empty()));
        return Stream.concat(
                        configured,
                        all.stream()
                                .filter(port -> port.granted() && !port.isHost())
                                .map(PortOfRemote::granted))
                .toList();
    }

    private static List<HostOfRemote> hosts(RemoteDefinition definition, List<HostView> exposed) {
        List<HostView> configured =
                exposed.stream().filter(host -> !host.granted()).toList();
        return Stream.concat(
                        IntStream.range(0, definition.hosts().size())
                                .mapToObj(i -> HostOfRemote.of(
                                        definition.hosts().get(i),
                                        i < configured.size()
                                                ? configured.get(i).urls()
                                                : List.of())),
                        exposed.stream().filter(HostView::granted).map(HostOfRemote::granted))
                .toList();
    }

    /**
     * Who declares the remote.
     *
     * @param origin who declares it: {@code file} (change it there), {@code store} (change it by this API) or
     *     {@code granted} (nobody: it belongs to a template, and disappears when it has neither a tunnel nor a port); null
     *     at the client
     * @param file the file that declares it, with line and column; null if none does
     * @param template the template that it belongs to; null if it has an entry of its own
     * @param description what it is, for people
     * @param enabled whether it may connect
     * @param anonymous whether anybody may use the name without a token
     * @param problems why it is not exposed: how it conflicts with what files declare; empty if it is exposed
     */
    record Declared(
            Optional<String> origin,
            Optional<String> file,
            Optional<String> template,
            String description,
            boolean enabled,
            boolean anonymous,
            List<String> problems) {
        /** The remote itself does not know who declares it. */
        static final Declared NOWHERE =
                new Declared(Optional.empty(), Optional.empty(), Optional.empty(), "", true, false, List.of());
    }

    /**
     * The state of a quota.
     *
     * @param port the exposed address, or the host, that the quota is for; null if it is for the whole remote
     * @param bytes how many bytes may pass
     * @param used how many of them have passed
     * @param per the period: an {@code hour}, a {@code day} or a {@code month}
     * @param resets when the next period begins
     * @param usedUp whether users are refused
     */
    @Schema(name = "QuotaState")
    record QuotaState(Optional<String> port, long bytes, long used, String per, Instant resets, boolean usedUp) {
        static QuotaState of(QuotaView view) {
            return new QuotaState(
                    view.port(),
                    view.quota().bytes(),
                    view.used(),
                    view.quota().per().key(),
                    view.resets(),
                    view.isUsedUp());
        }
    }
}
