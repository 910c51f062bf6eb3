package io.portproxy.manage;

import io.portproxy.manage.DefinitionCheck.Pointers;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Shows remotes and changes them, one change at a time. Any thread. Methods that change something block.
 *
 * <p>Unless their documentation says otherwise, methods that change remotes throw {@link NoSuchException} if the
 * remote, port or token does not exist; {@link ConflictException} if a file declares it, if it exists already, or if an
 * address cannot be opened; {@link InvalidChangeException} if the definition has errors; and {@link StoreException} if
 * the change cannot be kept.
 */
public final class RemoteManager {
    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 8;

    private final DesiredState state;
    private final GatewayManager gateways;
    private final DesiredManager desired;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** @param clock the time at which tokens are made */
    public RemoteManager(DesiredState state, Clock clock) {
        this.state = state;
        this.gateways = new GatewayManager(state);
        this.desired = new DesiredManager(state);
        this.clock = clock;
    }

    /** Returns the manager of gateways. */
    public GatewayManager gateways() {
        return gateways;
    }

    /** Returns the manager of everything that no file declares. */
    public DesiredManager desired() {
        return desired;
    }

    /** Returns all remotes: first those of files, in their order, then the store's, by name. */
    public List<PlannedRemote> remotes() {
        return state.plan().all();
    }

    /** Returns the remote with that name. */
    public Optional<PlannedRemote> find(String name) {
        return state.plan().find(name);
    }

    /** Returns when a remote last proved that it has this token; empty if it never did, or if the time is not known. */
    public Optional<Instant> lastUsed(String name, RemoteToken token) {
        return state.tokenUse().last(name, token);
    }

    /** Adds a remote. */
    public ChangeResult create(RemoteDefinition remote, ChangeOptions options) {
        return state.change(options, draft -> {
            draft.requireNew(remote.name());
            draft.put(remote, Pointers.WHOLE);
        });
    }

    /**
     * Replaces a remote with all of its ports. Its tokens stay.
     *
     * @param edit returns the new definition for the current one
     */
    public Edited<RemoteDefinition> replace(
            String name, Precondition precondition, UnaryOperator<RemoteDefinition> edit, ChangeOptions options) {
        return edit(
                name,
                before -> {
                    precondition.require(Tags.of(before));
                    return edit.apply(before);
                },
                before -> Pointers.WHOLE,
                options);
    }

    /** Removes a remote and its tokens. */
    public ChangeResult remove(String name, Precondition precondition, ChangeOptions options) {
        return state.change(options, draft -> {
            precondition.require(Tags.of(draft.require(name).definition()));
            draft.remove(name);
        });
    }

    /** Adds a port to a remote. */
    public ChangeResult addPort(String name, PortDefinition port, ChangeOptions options) {
        return edit(
                        name,
                        before -> {
                            if (before.port(port.name()).isPresent()) {
                                throw new ConflictException(
                                        "remote " + name + " has a port " + port.name() + " already");
                            }
                            List<PortDefinition> ports = new ArrayList<>(before.ports());
                            ports.add(port);
                            return before.withPorts(ports);
                        },
                        before -> Pointers.ofPort(before.ports().size()),
                        options)
                .result();
    }

    /**
     * Replaces a remote's port.
     *
     * @param edit returns the new definition for the current one
     */
    public Edited<PortDefinition> replacePort(
            String name,
            String portName,
            Precondition precondition,
            UnaryOperator<PortDefinition> edit,
            ChangeOptions options) {
        Edited<RemoteDefinition> edited = edit(
                name,
                before -> {
                    PortDefinition there = port(before, portName);
                    precondition.require(Tags.of(there));
                    return before.withPorts(before.ports().stream()
                            .map(port -> port.equals(there) ? edit.apply(port) : port)
                            .toList());
                },
                before -> Pointers.ofPort(before.ports().indexOf(port(before, portName))),
                options);
        return new Edited<>(edited.result(), port(edited.now(), portName));
    }

    /** Removes a remote's port. */
    public ChangeResult removePort(String name, String portName, Precondition precondition, ChangeOptions options) {
        return edit(
                        name,
                        before -> {
                            PortDefinition there = port(before, portName);
                            precondition.require(Tags.of(there));
                            return before.withPorts(before.ports().stream()
                                    .filter(port -> !port.equals(there))
                                    .toList());
                        },
                        before -> Pointers.WHOLE,
                        options)
                .result();
    }

    /** Adds a host to a remote. */
    public ChangeResult addHost(String name, HostDefinition host, ChangeOptions options) {
        return edit(
                        name,
                        before -> {
                            if (before.host(host.host(), host.path()).isPresent()) {
                                throw new ConflictException(
                                        "remote " + name + " has a host " + host.address() + " already");
                            }
                            List<HostDefinition> hosts = new ArrayList<>(before.hosts());
                            hosts.add(host);
                            return before.withHosts(hosts);
                        },
                        before -> Pointers.ofHost(before.hosts().size()),
                        options)
                .result();
    }

    /**
     * Replaces a remote's host.
     *
     * @param edit returns the new definition for the current one
     */
    public Edited<HostDefinition> replaceHost(
            String name,
            String hostName,
            String path,
            Precondition precondition,
            UnaryOperator<HostDefinition> edit,
            ChangeOptions options) {
        Edited<RemoteDefinition> edited = edit(
                name,
                before -> {
                    HostDefinition there = host(before, hostName, path);
                    precondition.require(Tags.of(there));
                    return before.withHosts(before.hosts().stream()
                            .map(host -> host.equals(there) ? edit.apply(host) : host)
                            .toList());
                },
                before -> Pointers.ofHost(before.hosts().indexOf(host(before, hostName, path))),
                options);
        return new Edited<>(edited.result(), host(edited.now(), hostName, path));
    }

    /** Removes a remote's host. */
    public ChangeResult removeHost(
            String name, String hostName, String path, Precondition precondition, ChangeOptions options) {
        return edit(
                        name,
                        before -> {
                            HostDefinition there = host(before, hostName, path);
                            precondition.require(Tags.of(there));
                            return before.withHosts(before.hosts().stream()
                                    .filter(host -> !host.equals(there))
                                    .toList());
                        },
                        before -> Pointers.WHOLE,
                        options)
                .result();
    }

    private static HostDefinition host(RemoteDefinition remote, String hostName, String path) {
        return remote.host(hostName, path)
                .orElseThrow(() -> new NoSuchException(
                        "remote " + remote.name() + " has no host " + HostDefinition.address(hostName, path)));
    }

    private static PortDefinition port(RemoteDefinition remote, String name) {
        return remote.port(name)
                .orElseThrow(() -> new NoSuchException("remote " + remote.name() + " has no port " + name));
    }

    /**
     * Makes a token for a remote.
     *
     * @param label what the token is for, as text for people
     * @param expires when it expires; empty for never
     */
    public NewToken addToken(String name, String label, Optional<Instant> expires) {
        String secret = hex(SECRET_BYTES);
        RemoteToken token = new RemoteToken(
                hex(ID_BYTES),
                label,
                TokenVerifier.of(Token.of(secret)),
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                expires);
        state.change(ChangeOptions.DEFAULT, draft -> {
            StoredRemote remote = draft.require(name);
            List<RemoteToken> tokens = new ArrayList<>(remote.tokens());
            tokens.add(token);
            draft.put(new StoredRemote(remote.definition(), tokens));
        });
        return new NewToken(token, secret);
    }

    /** Revokes a remote's token, and ends the tunnels that use it. */
    public ChangeResult removeToken(String name, String id, ChangeOptions options) {
        return state.change(options, draft -> {
            StoredRemote remote = draft.require(name);
            List<RemoteToken> left = remote.tokens().stream()
                    .filter(token -> !token.id().equals(id))
                    .toList();
            if (left.size() == remote.tokens().size()) {
                throw new NoSuchException("remote " + name + " has no token " + id);
            }
            draft.put(new StoredRemote(remote.definition(), left));
        });
    }

    private Edited<RemoteDefinition> edit(
            String name,
            UnaryOperator<RemoteDefinition> edit,
            Function<RemoteDefinition, Pointers> pointers,
            ChangeOptions options) {
        List<RemoteDefinition> now = new ArrayList<>();
        ChangeResult result = state.change(options, draft -> {
            RemoteDefinition before = draft.require(name).definition();
            now.add(draft.put(edit.apply(before), pointers.apply(before)));
        });
        return new Edited<>(result, now.get(0));
    }

    private String hex(int bytes) {
        byte[] secret = new byte[bytes];
        random.nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }
}
