package io.portproxy.admin.api;

import io.portproxy.admin.events.Role;
import io.portproxy.admin.problem.BusyException;
import io.portproxy.client.ProxyClient;
import io.portproxy.manage.PlannedGateway;
import io.portproxy.manage.PlannedRemote;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteManager;
import io.portproxy.manage.Tags;
import io.portproxy.net.UnixPath;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteView;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.telemetry.StreamView;
import io.portproxy.usage.PortNumber;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The queries and actions of the API. They read from the server and the client of this process, or act on them. Any
 * thread; a call blocks until the event loops have answered.
 */
@Component
final class Operations {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** The most lists of connections that are made at the same time, as such a list may be large. */
    private static final int LISTS_AT_A_TIME = 2;

    private final Optional<ProxyServer> server;
    private final Optional<RemoteManager> manager;
    private final Optional<ProxyClient> client;
    private final Instant started = Instant.now();
    private final Semaphore lists = new Semaphore(LISTS_AT_A_TIME);

    Operations(Optional<ProxyServer> server, Optional<RemoteManager> manager, Optional<ProxyClient> client) {
        this.server = server;
        this.manager = manager;
        this.client = client;
    }

    /** Returns the remotes: first those of the server, as planned, then the one that this process is. */
    List<RemoteJson> remotes() {
        return Stream.concat(remotesAsPlanned(), remoteOfClient().stream()).toList();
    }

    private Optional<RemoteJson> remoteOfClient() {
        return client.map(ProxyClient::view).map(remote -> RemoteJsonFactory.ofClient(remote, started));
    }

    private Stream<RemoteJson> remotesAsPlanned() {
        Map<String, RemoteView> views = remotesOfServer().stream()
                .collect(Collectors.toMap(RemoteView::name, view -> view, (one, other) -> one, LinkedHashMap::new));
        Map<String, PlannedRemote> byName = manager.map(RemoteManager::remotes).orElse(List.of()).stream()
                .collect(Collectors.toMap(
                        PlannedRemote::name, planned -> planned, (one, other) -> one, LinkedHashMap::new));
        return Stream.concat(
                byName.values().stream()
                        .map(planned -> RemoteJsonFactory.ofServer(
                                planned, Optional.ofNullable(views.get(planned.name())), started)),
                views.values().stream()
                        .flatMap(view -> view.template().map(byName::get).stream()
                                .map(template -> RemoteJsonFactory.ofTemplate(template.definition(), view, started))));
    }

    private List<RemoteView> remotesOfServer() {
        return server.map(ProxyServer::remotes).orElse(List.of());
    }

    /** Returns the remote with that name, in the given role or in the first role that has one. */
    Optional<RemoteJson> remote(String name, Optional<Role> role) {
        Optional<RemoteView> view = server.flatMap(running -> running.remote(name));
        Optional<RemoteJson> ofServer = manager.flatMap(remotes -> remotes.find(name)
                .map(planned -> RemoteJsonFactory.ofServer(planned, view, started))
                .or(() -> view.flatMap(there -> there.template()
                        .flatMap(remotes::find)
                        .map(template -> RemoteJsonFactory.ofTemplate(template.definition(), there, started)))));
        return Stream.concat(
                        ofServer.stream(),
                        remoteOfClient().filter(remote -> remote.name().equals(name)).stream())
                .filter(remote ->
                        role.isEmpty() || remote.role().equals(role.get().key()))
                .findFirst();
    }

    /** Returns the ETag of the configuration of a remote, see {@link Tags}. */
    Optional<String> tag(String name) {
        return manager.flatMap(remotes -> remotes.find(name)).map(remote -> Tags.of(remote.definition()));
    }

    /**
     * Disconnects a remote's tunnels. The remote may connect again.
     *
     * @return how many tunnels were disconnected
     */
    int disconnect(RemoteJson remote) {
        List<TunnelHandle> tunnels = remote.role().equals(Role.CLIENT.key())
                ? client.map(role -> role.view().tunnels()).orElse(List.of())
                : server.flatMap(running -> running.remote(remote.name())).stream()
                        .flatMap(view -> view.tunnels().stream())
                        .map(RemoteView.Tunnel::handle)
                        .toList();
        tunnels.forEach(TunnelHandle::disconnect);
        return tunnels.size();
    }

    /** Returns the gateways as planned: first those of files in their order, then those of the store by name. */
    List<GatewayJson> gateways() {
        return manager.map(known -> known.gateways().all()).orElse(List.of()).stream()
                .map(this::gateway)
                .toList();
    }

    /** Returns the gateway with that name. */
    Optional<GatewayJson> gateway(String name) {
        return manager.flatMap(known -> known.gateways().find(name)).map(this::gateway);
    }

    private GatewayJson gateway(PlannedGateway planned) {
        return GatewayJson.of(
                planned,
                server.map(ProxyServer::gateways).orElse(List.of()).stream()
                        .filter(view -> planned.isOpen() && view.name().equals(planned.name()))
                        .findFirst());
    }

    /** Returns the ETag of the configuration of a gateway, see {@link Tags}. */
    Optional<String> gatewayTag(String name) {
        return manager.flatMap(known -> known.gateways().find(name)).map(gateway -> Tags.of(gateway.definition()));
    }

    /** Returns the banned addresses. */
    List<BanJson> bans() {
        return server.map(ProxyServer::bans).orElse(List.of()).stream()
                .map(BanJson::of)
                .toList();
    }

    /** Lifts the ban of an address. Returns whether it was banned. */
    boolean liftBan(InetAddress address) {
        return server.map(running -> running.liftBan(address)).orElse(false);
    }

    /** Returns the exposed ports in the order of the configuration. */
    List<PortJson> ports() {
        return remotesOfServer().stream()
                .flatMap(remote -> remote.ports().stream())
                .map(PortJson::of)
                .toList();
    }

    /**
     * Returns all connections, in no order.
     *
     * @throws BusyException if the event loops did not answer in time
     */
    List<Connection> connections() {
        acquire();
        try {
            return await(tunnels().map(Operations::connections).toList()).stream()
                    .flatMap(List::stream)
                    .toList();
        } finally {
            lists.release();
        }
    }

    /** One end of a tunnel, with its role and the remote's name. */
    private record End(Role role, String remote, TunnelHandle tunnel) {
        Connection connection(StreamView stream) {
            return new Connection(role, remote, tunnel, stream);
        }
    }

    /** Returns the ends of all tunnels, those of the server first. */
    private Stream<End> tunnels() {
        Stream<End> ofServer = server.stream()
                .flatMap(role -> role.tunnels().entrySet().stream())
                .flatMap(remote ->
                        remote.getValue().stream().map(tunnel -> new End(Role.SERVER, remote.getKey(), tunnel)));
        Stream<End> ofClient = client.map(ProxyClient::view).stream()
                .flatMap(view -> view.tunnels().stream().map(tunnel -> new End(Role.CLIENT, view.name(), tunnel)));
        return Stream.concat(ofServer, ofClient);
    }

    private Stream<End> tunnels(Role role) {
        return tunnels().filter(end -> end.role() == role);
    }

    /** Lists the connections of a tunnel. Converts them on another thread, not on the event loop. */
    private static CompletableFuture<List<Connection>> connections(End end) {
        return end.tunnel()
                .streams()
                .thenApplyAsync(views -> views.stream().map(end::connection).toList());
    }

    /**
     * Returns the connection with that identity, at the given end or at the first that has it. Each tunnel looks up
     * only this connection, so the time does not depend on how many there are.
     *
     * @throws BusyException if no loop found it, and some event loops did not answer in time
     */
    Optional<Connection> connection(long identity, Optional<Role> role) {
        return Arrays.stream(Role.values())
                .filter(end -> role.isEmpty() || role.get() == end)
                .flatMap(end -> first(tunnels(end)
                                .map(tunnel -> tunnel.tunnel().stream(identity)
                                        .thenApply(found -> found.map(tunnel::connection)))
                                .toList())
                        .stream())
                .findFirst();
    }

    /**
     * Closes the connection with that identity at both of its ends.
     *
     * @return whether the connection still existed
     * @throws BusyException if no loop found it, and some event loops did not answer in time
     */
    boolean close(long identity) {
        return Arrays.stream(Role.values())
                .anyMatch(end -> first(tunnels(end)
                                .map(tunnel -> tunnel.tunnel()
                                        .closeStreams(List.of(identity))
                                        .thenApply(closed -> Optional.of(closed).filter(count -> count > 0)))
                                .toList())
                        .isPresent());
    }

    /**
     * Closes connections at both of their ends.
     *
     * @return how many still existed
     * @throws BusyException if event loops did not answer in time; those that answered have closed their connections
     */
    int close(Collection<Connection> connections) {
        Map<TunnelHandle, List<Long>> byTunnel = connections.stream()
                .collect(Collectors.groupingBy(
                        Connection::tunnel,
                        Collectors.mapping(connection -> connection.stream().identity(), Collectors.toList())));
        List<CompletableFuture<Integer>> parts = new ArrayList<>();
        byTunnel.forEach((tunnel, identities) -> parts.add(tunnel.closeStreams(identities)));
        return await(parts).stream().mapToInt(Integer::intValue).sum();
    }

    /** Returns the permits for lists of connections that can be made now. */
    Semaphore lists() {
        return lists;
    }

    private void acquire() {
        try {
            if (!lists.tryAcquire(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BusyException("others are asking for lists of connections");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusyException("the web server is stopping");
        }
    }

    private static <T> List<T> await(List<CompletableFuture<T>> parts) {
        await(CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new)), parts);
        return parts.stream().map(CompletableFuture::join).toList();
    }

    /** Returns the first result that is found. It does not wait for the other parts once one has a result. */
    private static <T> Optional<T> first(List<CompletableFuture<Optional<T>>> parts) {
        CompletableFuture<Optional<T>> answer = new CompletableFuture<>();
        for (CompletableFuture<Optional<T>> part : parts) {
            CompletableFuture<Void> unused =
                    part.thenAccept(found -> found.ifPresent(one -> answer.complete(Optional.of(one))));
        }
        CompletableFuture<Void> unused = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        answer.complete(Optional.empty());
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
        return await(answer, parts);
    }

    /** @param parts the calls that are cancelled when the time is over */
    private static <T> T await(CompletableFuture<T> answer, List<? extends CompletableFuture<?>> parts) {
        try {
            return answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            parts.forEach(part -> part.cancel(false));
            throw new BusyException("the event loops have not answered within " + DEADLINE.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new BusyException("the event loops take no more tasks");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusyException("the web server is stopping");
        }
    }

    /** Returns the port that is bound to an address, or whose number is {@code bind}, or whose range contains it. */
    Optional<PortJson> port(String bind) {
        return ports().stream().filter(port -> isBind(port.bind(), bind)).findFirst();
    }

    /**
     * Returns whether {@code written} identifies an address. It does as the whole address, as its port number, or as a
     * number within its range. A unix socket can also be written as the name of its port, because the path of a URL
     * cannot contain its slashes.
     */
    static boolean isBind(String address, String written) {
        return PortNumber.isMeant(address, written)
                || (UnixPath.isWritten(address)
                        && PortDefinition.nameOf("", address).equals(written));
    }
}
