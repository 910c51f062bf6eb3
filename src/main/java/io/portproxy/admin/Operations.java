package io.portproxy.admin;

import io.portproxy.client.ProxyClient;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteView;
import io.portproxy.tunnel.StreamView;
import io.portproxy.tunnel.TunnelHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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

/** What can be asked of the roles, and done to them. Any thread; blocks for as long as the event loops need. */
@Component
final class Operations {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** A list of all connections may be large, so there are only so many of them at a time. */
    private static final int LISTS_AT_A_TIME = 2;

    private final Optional<ProxyServer> server;
    private final Optional<ProxyClient> client;
    private final Semaphore lists = new Semaphore(LISTS_AT_A_TIME);

    Operations(Optional<ProxyServer> server, Optional<ProxyClient> client) {
        this.server = server;
        this.client = client;
    }

    /** The remotes, as they were configured: those of the server, then the one that this process is. */
    List<RemoteJson> remotes() {
        return Stream.concat(
                        remotesOfServer().stream().map(RemoteJson::of),
                        client.stream().map(ProxyClient::view).map(RemoteJson::of))
                .toList();
    }

    private List<RemoteView> remotesOfServer() {
        return server.map(ProxyServer::remotes).orElse(List.of());
    }

    /** The remote with that name, in a role or in the first that has one. */
    Optional<RemoteJson> remote(String name, Optional<Role> role) {
        return remotes().stream()
                .filter(remote -> remote.name().equals(name))
                .filter(remote ->
                        role.isEmpty() || remote.role().equals(role.get().key()))
                .findFirst();
    }

    /**
     * Disconnects a remote's tunnels. It may come back.
     *
     * @return how many tunnels
     */
    int disconnect(RemoteJson remote) {
        List<TunnelHandle> tunnels = remote.role().equals(Role.CLIENT.key())
                ? client.map(role -> role.view().tunnels()).orElse(List.of())
                : remotesOfServer().stream()
                        .filter(view -> view.name().equals(remote.name()))
                        .flatMap(view -> view.tunnels().stream())
                        .map(RemoteView.Tunnel::handle)
                        .toList();
        tunnels.forEach(TunnelHandle::disconnect);
        return tunnels.size();
    }

    /** The exposed ports in the order of the configuration. */
    List<PortJson> ports() {
        return remotesOfServer().stream()
                .flatMap(remote -> remote.ports().stream())
                .map(PortJson::of)
                .toList();
    }

    /**
     * All connections, in no order.
     *
     * @throws BusyException the event loops did not answer in time
     */
    List<Connection> connections() {
        acquire();
        try {
            List<CompletableFuture<List<Connection>>> parts = new ArrayList<>();
            server.ifPresent(role -> role.tunnels()
                    .forEach((remote, tunnels) ->
                            tunnels.forEach(tunnel -> parts.add(streams(tunnel, Role.SERVER, remote)))));
            client.map(ProxyClient::view)
                    .ifPresent(view ->
                            view.tunnels().forEach(tunnel -> parts.add(streams(tunnel, Role.CLIENT, view.name()))));
            return await(parts).stream().flatMap(List::stream).toList();
        } finally {
            lists.release();
        }
    }

    /** Made into connections here and not on the event loop. */
    private static CompletableFuture<List<Connection>> streams(TunnelHandle tunnel, Role role, String remote) {
        return tunnel.streams()
                .thenApplyAsync(views -> views.stream()
                        .map((StreamView view) -> new Connection(role, remote, tunnel, view))
                        .toList());
    }

    /**
     * Closes connections at both of their ends.
     *
     * @return how many there still were
     * @throws BusyException the event loops did not answer in time; those that did have closed theirs
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
        CompletableFuture<Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
        try {
            all.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            return parts.stream().map(CompletableFuture::join).toList();
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

    /** The port that is bound there: its address, or its port number alone where that says which. */
    Optional<PortJson> port(String bind) {
        return ports().stream().filter(port -> isBind(port.bind(), bind)).findFirst();
    }

    /** Whether an address is meant: as it is, or by its port number alone. */
    static boolean isBind(String address, String written) {
        return address.equals(written)
                || address.substring(address.lastIndexOf(':') + 1).equals(written);
    }
}
